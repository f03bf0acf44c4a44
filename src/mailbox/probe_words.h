/*
 * probe_words: what a postmaster is told about a certificate, an answer of a server or a name. Pure: no
 * network, no clock; for probe*.c.
 */
#ifndef DMARCQ_MAILBOX_PROBE_WORDS_H
#define DMARCQ_MAILBOX_PROBE_WORDS_H

#include "mailbox/account.h"
#include "mailbox/probe_tls.h"

enum {
	WORDS_TEXT = 1024,
	DAYS_SOON =
	    14, /* a certificate that ends within these is told: those of 90 days renew a month before */
};

enum words_certificate { CERTIFICATE_GOOD, CERTIFICATE_SOON, CERTIFICATE_BAD };
/*
 * What is wrong with a certificate, everything of it, and the days that are left; advice is about the first
 * thing, "" when nothing is to be done. now is the local clock, trusted names the CA certificates that it was
 * checked against.
 */
enum words_certificate words_certificate(char found[WORDS_TEXT], char advice[WORDS_TEXT],
    const struct tls_facts *facts, const char *host, const char *trusted, int64_t now);

/* The name of a large provider's server that was meant by a name with a typing error; NULL: none. */
const char *words_meant(const char *host);
/* What providers demand at the login: a sentence for a host, NULL when nothing special is known. */
const char *words_provider(const char *host, enum account_protocol protocol);

/* What speaks at the other end, by its first line. */
enum words_speaker { SPEAKER_IMAP, SPEAKER_POP3, SPEAKER_SMTP, SPEAKER_HTTP, SPEAKER_OTHER };
enum words_speaker words_speaker(const char *greeting);

/*
 * Capabilities as words with a blank in front and behind, so that they can be looked for. IMAP: of a line "*
 * CAPABILITY ..."; POP3: a line of CAPA, whose arguments stand behind a =, and "SASL PLAIN LOGIN" as
 * "AUTH=PLAIN AUTH=LOGIN". Added to `to` as long as there is room; upper case.
 */
void words_add_offers(char *to, size_t size, const char *line, enum account_protocol protocol);
bool words_offers(const char *offers, const char *word);

/* The time in the greeting of a POP3 server, "<process.clock@host>" (RFC 1939 section 7), in UTC seconds; 0:
 * there is none. now tells a clock from a counter. */
int64_t words_greeting_time(const char *greeting, int64_t now);

/* Whether two names of folders are the same but for case, hierarchy separators and a prefix INBOX. */
bool words_similar_folder(const char *a, const char *b);

#endif
