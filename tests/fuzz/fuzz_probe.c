/*
 * fuzz_probe: lines that a mail server sends to a probe or during the login. Whatever they are, what is
 * offered is a text inside its room whose words can be found again, and a challenge a text inside its own.
 */
#include "fuzz/fuzz.h"
#include "mailbox/link_failure.h"
#include "mailbox/probe_words.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 40 };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_offers(const char *line, enum account_protocol protocol)
{
	char offers[ROOM] = "", word[ROOM];
	const char *at;
	size_t len;

	words_add_offers(offers, sizeof offers, line, protocol);
	words_add_offers(offers, sizeof offers, line, protocol);
	must(strlen(offers) < sizeof offers);
	for (at = offers; *at != '\0' && at[1] != '\0'; at += len + 1) {
		must(*at == ' ');
		len = strcspn(at + 1, " ");
		memcpy(word, at + 1, len);
		word[len] = '\0';
		must(len > 0 && words_offers(offers, word));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1), said[ROOM];
	int64_t seconds;

	must(line != NULL);
	if (size > 0)
		memcpy(line, data, size);
	line[size] = '\0';
	if (link_challenge(said, sizeof said, (struct str){line, size}))
		must(said[0] == '{' && strlen(said) < sizeof said);
	(void)words_speaker(line);
	seconds = words_greeting_time(line, INT64_C(1700000000));
	must(seconds == 0 || seconds > INT64_C(1000000000));
	check_offers(line, ACCOUNT_IMAP);
	check_offers(line, ACCOUNT_POP3);
	free(line);
	return 0;
}
