/* rows: see rows.h. */
#include "unit/rows.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
const struct sort own = {"example.com", "pp", {{"d", "example.com", "s1", "pass"}, {"s", "example.com", "", "pass"}}, NULL};
const struct sort own_broken = {"example.com", "ff", {{"d", "example.com", "s1", "fail"}, {"s", "example.com", "", "fail"}}, NULL};
const struct sort own_spf = {"example.com", "fp", {{"s", "example.com", "", "pass"}}, NULL};
const struct sort forwarded = {"example.com", "pf", {{"d", "example.com", "s1", "pass"}, {"s", "example.com", "", "fail"}}, NULL};
const struct sort other = {"example.com", "ff", {{"s", "a.example", "", "pass"}}, NULL};
const struct sort forged = {"example.com", "ff", {{"s", "example.com", "", "fail"}}, NULL};
/* clang-format on */

static struct senders *senders;

static struct str
verdict(char c)
{
	return str_of(c == 'p' ? "pass" : "fail");
}

static const unsigned char *
address(unsigned char to[16], const char *text)
{
	memset(to, 0, 16);
	to[10] = to[11] = 0xff;
	if (inet_pton(AF_INET, text, to + 12) == 1 || inet_pton(AF_INET6, text, to) == 1)
		return to;
	return NULL;
}

uint32_t
rows_put(struct mail *mail, const struct given *given, bool learn)
{
	struct detail details[RESULTS + 1] = {{0}};
	struct profile profile = {.details = details};
	struct mail_facts facts;
	unsigned char ip[16];
	struct mail_row row = {.facts = &facts, .ip_text = str_of(given->ip), .messages = given->messages};

	profile.field[PROFILE_HEADER_FROM] = str_of(given->sort->from);
	profile.field[PROFILE_DKIM] = verdict(given->sort->said[0]);
	profile.field[PROFILE_SPF] = verdict(given->sort->said[1]);
	while (profile.count < RESULTS && given->sort->results[profile.count][0] != NULL) {
		const char *const *result = given->sort->results[profile.count];
		bool dkim = result[0][0] == 'd';

		details[profile.count++] = (struct detail){.kind = dkim ? DETAIL_DKIM : DETAIL_SPF,
		    .a = str_of(result[1]),
		    .b = dkim ? str_of(result[2]) : str_of("mfrom"),
		    .result = str_of(result[3])};
	}
	if (given->sort->reason != NULL)
		details[profile.count++] =
		    (struct detail){.kind = DETAIL_REASON, .a = str_of(given->sort->reason)};
	mail_facts(&facts, senders, &profile, (struct modes){0});
	row.ip = address(ip, given->ip);
	row.day = AS_OF - given->before;
	row.reporter = mail_reporter(mail, str_of(given->org == NULL ? "google.com" : given->org));
	row.authentic = given->org == NULL;
	if (!learn)
		return mail_add(mail, &row);
	if (mail_teaches(&facts))
		mail_learn(mail, &row);
	return MAIL_NO_FLOW;
}

struct mail *
rows_start(size_t most)
{
	const struct mail_span span = {AS_OF, 28, 90, 180, most};

	senders = senders_new();
	return mail_new(str_of("example.com"), senders, (struct modes){0}, &span);
}

void
rows_finish(struct mail *mail)
{
	mail_free(mail);
	senders_free(senders);
}

const struct mail_view *
rows_all(struct mail *mail, const struct given *rows, size_t count, bool backwards)
{
	size_t i;

	for (i = 0; i < count; i++)
		rows_put(mail, &rows[backwards ? count - 1 - i : i], true);
	for (i = 0; i < count; i++)
		rows_put(mail, &rows[backwards ? count - 1 - i : i], false);
	mail_close(mail);
	return mail_view(mail);
}

const char *
rows_text(struct str text)
{
	static char copy[300];

	if (text.data == NULL)
		return "all others";
	(void)snprintf(copy, sizeof copy, "%.*s", (int)text.len, text.data);
	return copy;
}

const struct mail_source *
rows_source(const struct mail_view *view, const char *name)
{
	size_t i;

	for (i = 0; i < view->source_count; i++)
		if (strcmp(rows_text(view->sources[i].name), name) == 0)
			return &view->sources[i];
	ck_abort_msg("there is no source %s", name);
}

/* Messages of a source and class. */
uint64_t
rows_messages(const struct mail_view *view, const char *name, enum mail_class class)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < view->flow_count; i++)
		if (view->flows[i].class == class &&
		    strcmp(rows_text(view->sources[view->flows[i].source].name), name) == 0)
			sum += view->flows[i].messages;
	return sum;
}
