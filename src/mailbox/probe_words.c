/*
 * probe_words: findings in words. A provider is a line of the table, a speaker a beginning of its greeting.
 */
#include "mailbox/probe_words.h"

#include "base/phrase.h"
#include "base/text.h"
#include "base/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static void
problem(struct phrase *found, const char *format, ...)
{
	char text[WORDS_TEXT];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	phrase_text(found, found->len > 0 ? "; " : "");
	phrase_text(found, text);
}

/* Only the first problem is to be solved first. */
__attribute__((format(printf, 2, 3))) static void
advise(struct phrase *advice, const char *format, ...)
{
	char text[WORDS_TEXT];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (advice->len == 0)
		phrase_text(advice, text);
}

static void
tell_trust(struct phrase *found, struct phrase *advice, const struct tls_facts *facts, const char *trusted)
{
	const struct tls_certificate *last = &facts->chain[facts->count - 1];

	switch (facts->verdict) {
	case TLS_SELF_SIGNED:
		problem(found, "self-signed: no CA stands behind it");
		advise(advice,
		    "get a certificate from a CA; or, if it is yours and meant so, name its file as ca-file");
		break;
	case TLS_UNKNOWN_ROOT:
		problem(found, "signed by a CA that is not trusted: %s", last->issuer);
		advise(advice, "if that CA is yours, name the file of its certificate as ca-file");
		break;
	case TLS_UNKNOWN_ISSUER:
		if (last->tells_issuer) {
			problem(found, "the server does not send the intermediate certificate of %s",
			    last->issuer);
			advise(advice, "put the full chain into the server's certificate file");
		} else {
			problem(found, "the issuer is neither sent nor trusted: %s", last->issuer);
			advise(advice, "if that is a CA of your own, name the file of its certificate as "
				       "ca-file; else put the full chain into the server's certificate file");
		}
		break;
	case TLS_UNTRUSTED:
		problem(found, "not trusted: %s", facts->trouble);
		advise(advice, "see what the server's certificates were made for; trusted is %s", trusted);
		break;
	default:
		break;
	}
}

static int64_t
days_between(int64_t from, int64_t to)
{
	return (to - from) / DAY_SECONDS;
}

static void
tell_times(struct phrase *found, struct phrase *advice, const struct tls_certificate *certificate, size_t i,
    int64_t now)
{
	char day[TIME_TEXT], clock[TIME_TEXT];
	const char *which = i == 0 ? "" : certificate->subject;

	if (now > certificate->not_after) {
		day_format(day, certificate->not_after / DAY_SECONDS);
		problem(found, "%s%sexpired on %s (days ago: %lld)", which, i == 0 ? "" : " ", day,
		    (long long)days_between(certificate->not_after, now));
		advise(advice, "renew it on the server, and let the server read it again");
	} else if (now < certificate->not_before) {
		time_format(day, certificate->not_before);
		time_format(clock, now);
		problem(found, "%s%snot valid before %s, and this machine's clock says %s", which,
		    i == 0 ? "" : " ", day, clock);
		advise(advice, "see first whether this machine's clock is right");
	}
}

static void
tell_name(struct phrase *found, struct phrase *advice, const struct tls_facts *facts, const char *host)
{
	const char *names = facts->chain[0].names;

	if (facts->name_matches)
		return;
	problem(found, "not for %s but for %s", host, names[0] != '\0' ? names : facts->chain[0].subject);
	advise(advice, "use a name that the certificate has, or get one for %s", host);
}

enum words_certificate
words_certificate(char found_text[WORDS_TEXT], char advice_text[WORDS_TEXT], const struct tls_facts *facts,
    const char *host, const char *trusted, int64_t now)
{
	struct phrase found = phrase_in(found_text, WORDS_TEXT);
	struct phrase advice = phrase_in(advice_text, WORDS_TEXT);
	const struct tls_certificate *own = &facts->chain[0];
	int64_t left = days_between(now, own->not_after);
	char day[TIME_TEXT];
	size_t i;

	if (facts->count == 0) {
		problem(&found, "the server sent none");
		return CERTIFICATE_BAD;
	}
	tell_name(&found, &advice, facts, host);
	tell_trust(&found, &advice, facts, trusted);
	tell_times(&found, &advice, own, 0, now);
	for (i = 1; i < facts->count; i++)
		if (facts->verdict != TLS_TRUSTED)
			tell_times(&found, &advice, &facts->chain[i], i, now);
	if (found.len == 0 && facts->verdict != TLS_TRUSTED) {
		problem(&found, "a CA certificate that is trusted here can't be used: %s", facts->trouble);
		advise(&advice, "renew %s", trusted);
	}
	if (found.len > 0)
		return CERTIFICATE_BAD;
	day_format(day, own->not_after / DAY_SECONDS);
	phrase_add(&found, "for %s, %lld days left (until %s), trusted by %s",
	    own->names[0] != '\0' ? own->names : own->subject, (long long)left, day, trusted);
	if (left >= DAYS_SOON)
		return CERTIFICATE_GOOD;
	advise(&advice, "renew it on the server");
	return CERTIFICATE_SOON;
}

static const char app_password[] =
    "this provider takes no account password here: make an app password in its "
    "settings";
static const char google[] = "Google takes an app password (with 2-step verification) or OAuth2, never the "
			     "password of the account";
static const char microsoft[] = "Microsoft takes OAuth2 only: set oauth2-token-command";

static const struct provider {
	const char *domain, *imap, *pop3, *says;
} providers[] = {
    {"gmail.com", "imap.gmail.com", "pop.gmail.com", google},
    {"googlemail.com", "imap.googlemail.com", "pop.googlemail.com", google},
    {"office365.com", "outlook.office365.com", "outlook.office365.com", microsoft},
    {"outlook.com", "imap-mail.outlook.com", "pop-mail.outlook.com", microsoft},
    {"mail.yahoo.com", "imap.mail.yahoo.com", "pop.mail.yahoo.com", app_password},
    {"aol.com", "imap.aol.com", "pop.aol.com", app_password},
    {"mail.me.com", "imap.mail.me.com", NULL, app_password},
    {"fastmail.com", "imap.fastmail.com", "pop.fastmail.com", app_password},
};
enum { PROVIDERS = sizeof providers / sizeof providers[0] };

const char *
words_meant(const char *host)
{
	const char *best = NULL;
	size_t i;

	for (i = 0; i < PROVIDERS; i++) {
		word_nearest(&best, host, providers[i].imap);
		if (providers[i].pop3 != NULL)
			word_nearest(&best, host, providers[i].pop3);
	}
	return best;
}

/* Whether a host is the domain or below it. */
static bool
is_below(const char *host, const char *domain)
{
	size_t len = strlen(host), tail = strlen(domain);

	return len >= tail && text_same_nocase(host + len - tail, tail, domain) &&
	       (len == tail || host[len - tail - 1] == '.');
}

const char *
words_provider(const char *host, enum account_protocol protocol)
{
	size_t i;

	for (i = 0; i < PROVIDERS; i++)
		if (is_below(host, providers[i].domain)) {
			if (protocol == ACCOUNT_POP3 && providers[i].pop3 == NULL)
				return "this provider has no POP3: use IMAP";
			return providers[i].says;
		}
	return NULL;
}

enum words_speaker
words_speaker(const char *greeting)
{
	static const struct {
		const char *begin;
		enum words_speaker speaker;
	} begins[] = {
	    {"* OK", SPEAKER_IMAP},
	    {"* BYE", SPEAKER_IMAP},
	    {"* PREAUTH", SPEAKER_IMAP},
	    {"+OK", SPEAKER_POP3},
	    {"-ERR", SPEAKER_POP3},
	    {"220", SPEAKER_SMTP},
	    {"421", SPEAKER_SMTP},
	    {"554", SPEAKER_SMTP},
	    {"HTTP/", SPEAKER_HTTP},
	};
	size_t i, len;

	for (i = 0; i < sizeof begins / sizeof begins[0]; i++) {
		len = strlen(begins[i].begin);
		if (strlen(greeting) >= len && text_same_nocase(greeting, len, begins[i].begin))
			return begins[i].speaker;
	}
	return SPEAKER_OTHER;
}

/* One word with blanks around it; the blank behind the word before is the one in front. */
static void
add_word(char *to, size_t size, const char *head, const char *word, size_t len)
{
	size_t used = strlen(to), more = strlen(head) + len;
	size_t i;

	if (len == 0 || used + more + 3 > size)
		return;
	if (used == 0)
		to[used++] = ' ';
	(void)snprintf(to + used, size - used, "%s%.*s ", head, (int)len, word);
	for (i = used; to[i] != '\0'; i++)
		to[i] = to[i] >= 'a' && to[i] <= 'z' ? (char)(to[i] - 'a' + 'A') : to[i];
}

static void
add_words(char *to, size_t size, const char *head, const char *line)
{
	size_t len;

	for (; *line != '\0'; line += len) {
		line += strspn(line, " ");
		len = strcspn(line, " ");
		add_word(to, size, head, line, len);
	}
}

void
words_add_offers(char *to, size_t size, const char *line, enum account_protocol protocol)
{
	char item[WORDS_TEXT];
	size_t i;

	if (protocol == ACCOUNT_IMAP)
		add_words(to, size, "", line + (strlen(line) > 13 ? 13 : strlen(line)));
	else if (text_same_nocase(line, strlen(line) < 5 ? strlen(line) : 5, "SASL "))
		add_words(to, size, "AUTH=", line + 5);
	else {
		(void)snprintf(item, sizeof item, "%s", line);
		for (i = 0; item[i] != '\0'; i++)
			if (item[i] == ' ')
				item[i] = '=';
		add_word(to, size, "", item, strlen(item));
	}
}

bool
words_offers(const char *offers, const char *word)
{
	size_t len = strlen(word);
	const char *at = offers;

	while ((at = strstr(at, word)) != NULL) {
		if (at > offers && at[-1] == ' ' && at[len] == ' ')
			return true;
		at += len;
	}
	return false;
}

int64_t
words_greeting_time(const char *greeting, int64_t now)
{
	const char *begin = strrchr(greeting, '<'), *dot, *at;
	uint64_t clock;

	if (begin == NULL || (at = strchr(begin, '@')) == NULL)
		return 0;
	for (dot = at; dot > begin && *dot != '.';)
		dot--;
	if (dot == begin || !text_u64(&clock, dot + 1, (size_t)(at - dot - 1)))
		return 0;
	/* Clocks that are ten years apart are none: some servers count there. */
	if (clock > INT64_MAX / 2 || (int64_t)clock < now - INT64_C(3650) * DAY_SECONDS ||
	    (int64_t)clock > now + INT64_C(3650) * DAY_SECONDS)
		return 0;
	return (int64_t)clock;
}

static const char *
without_inbox(const char *folder)
{
	if (strlen(folder) > 6 && text_same_nocase(folder, 5, "INBOX") && strchr("./", folder[5]) != NULL)
		return folder + 6;
	return folder;
}

static char
plain(char c)
{
	return c == '.' || c == '\\' ? '/' : text_lower(c);
}

bool
words_similar_folder(const char *a, const char *b)
{
	a = without_inbox(a);
	b = without_inbox(b);
	while (*a != '\0' && plain(*a) == plain(*b)) {
		a++;
		b++;
	}
	return *a == '\0' && *b == '\0';
}
