/* sources: the rules of sources.h. */
#include "analysis/sources.h"

#include "report/organisation.h"

#include <stdio.h>
#include <string.h>

enum { IPV4_PREFIX = 15, IPV6_PREFIX = 8 /* bytes */ };

static bool
is_pass(const struct detail *detail)
{
	return str_eq(detail->result, "pass");
}

static struct str
source_by_dkim(const struct senders *senders, const struct profile *profile)
{
	struct str own = profile->field[PROFILE_HEADER_FROM], first = {NULL, 0};
	const struct detail *detail;
	const struct sender *sender;
	size_t i;

	for (i = 0; i < profile->count; i++) {
		detail = &profile->details[i];
		if (detail->kind != DETAIL_DKIM || !is_pass(detail) || detail->a.len == 0 ||
		    domain_same_org(detail->a, own))
			continue;
		if ((sender = sender_by_dkim(senders, detail->a)) != NULL)
			return sender->name;
		if (first.data == NULL)
			first = domain_org(detail->a);
	}
	return first;
}

/* The first SPF result of scope mfrom, or of helo; only those that pass if asked. */
static const struct detail *
spf_result(const struct profile *profile, bool helo, bool passing)
{
	const struct detail *detail;
	size_t i;

	for (i = 0; i < profile->count; i++) {
		detail = &profile->details[i];
		if (detail->kind == DETAIL_SPF && str_eq(detail->b, "helo") == helo &&
		    (!passing || is_pass(detail)))
			return detail;
	}
	return NULL;
}

struct str
source_of_profile(const struct senders *senders, const struct profile *profile)
{
	struct str source = source_by_dkim(senders, profile);
	const struct detail *spf;
	const struct sender *sender;

	if (source.data != NULL)
		return source;
	if ((spf = spf_result(profile, false, true)) == NULL)
		spf = spf_result(profile, true, true);
	if (spf == NULL || spf->a.len == 0)
		return source;
	if (!domain_same_org(spf->a, profile->field[PROFILE_HEADER_FROM]) &&
	    (sender = sender_by_spf(senders, spf->a)) != NULL)
		return sender->name;
	return domain_org(spf->a);
}

size_t
source_prefix(const unsigned char ip[16])
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	return memcmp(ip, mapped, sizeof mapped) == 0 ? IPV4_PREFIX : IPV6_PREFIX;
}

static size_t
put_number(char *to, unsigned number, unsigned base)
{
	char digits[8];
	size_t len = 0, i;

	do
		digits[len++] = "0123456789abcdef"[number % base];
	while ((number /= base) > 0);
	for (i = 0; i < len; i++)
		to[i] = digits[len - 1 - i];
	return len;
}

static size_t
put_network(char *to, const unsigned char ip[IPV4_PREFIX])
{
	size_t len = 0, i;

	for (i = IPV4_PREFIX - 3; i < IPV4_PREFIX; i++) {
		len += put_number(to + len, ip[i], 10);
		to[len++] = '.';
	}
	memcpy(to + len, "0/24", 5);
	return len + 4;
}

/* As RFC 5952 has it: the zeros of the second half make the longest row of them. */
static size_t
put_network6(char *to, const unsigned char ip[IPV6_PREFIX])
{
	size_t count = IPV6_PREFIX, len = 0, i;

	while (count > 0 && ip[count - 1] == 0 && ip[count - 2] == 0)
		count -= 2;
	for (i = 0; i < count; i += 2) {
		len += put_number(to + len, (unsigned)ip[i] << 8 | ip[i + 1], 16);
		to[len++] = ':';
	}
	memcpy(to + len, count > 0 ? ":/64" : "::/64", count > 0 ? 5 : 6);
	return len + (count > 0 ? 4 : 5);
}

/* Called for each of the networks of a wave: printf would cost more than all that is found out of one. */
size_t
source_subnet(char to[SUBNET_TEXT], const unsigned char ip[16])
{
	return source_prefix(ip) == IPV4_PREFIX ? put_network(to, ip) : put_network6(to, ip);
}

const struct detail *
source_dkim(const struct profile *profile)
{
	const struct detail *detail, *passed = NULL, *first = NULL;
	size_t i;

	for (i = 0; i < profile->count; i++) {
		detail = &profile->details[i];
		if (detail->kind != DETAIL_DKIM)
			continue;
		if (domain_same_org(detail->a, profile->field[PROFILE_HEADER_FROM]))
			return detail;
		if (passed == NULL && is_pass(detail))
			passed = detail;
		if (first == NULL)
			first = detail;
	}
	return passed != NULL ? passed : first;
}

const struct detail *
source_spf(const struct profile *profile)
{
	const struct detail *mfrom = spf_result(profile, false, false);

	return mfrom != NULL ? mfrom : spf_result(profile, true, false);
}

/* At most so many bytes of a text from outside, for "%.*s". */
static int
bound(struct str str)
{
	return str.len > 260 ? 260 : (int)str.len;
}

static size_t
result_words(char to[REASON_TEXT], const struct detail *detail, struct str aligned)
{
	struct str result = detail->result.len > 0 ? detail->result : str_of("unknown");
	const char *note = is_pass(detail) && !str_eq(aligned, "pass") ? " (not aligned)" : "";

	return (size_t)snprintf(to, REASON_TEXT, "%.*s%s%.*s%s", bound(result), result.data,
	    detail->a.len > 0 ? " " : "", bound(detail->a), detail->a.len > 0 ? detail->a.data : "", note);
}

size_t
source_dkim_words(char to[REASON_TEXT], const struct profile *profile)
{
	const struct detail *detail = source_dkim(profile);

	if (detail == NULL)
		return (size_t)snprintf(to, REASON_TEXT, "none");
	return result_words(to, detail, profile->field[PROFILE_DKIM]);
}

size_t
source_spf_words(char to[REASON_TEXT], const struct profile *profile)
{
	const struct detail *detail = source_spf(profile);

	if (detail == NULL)
		return (size_t)snprintf(to, REASON_TEXT, "no result");
	return result_words(to, detail, profile->field[PROFILE_SPF]);
}
