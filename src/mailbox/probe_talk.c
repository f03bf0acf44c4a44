/*
 * probe_talk: what the server says before anybody logs in: its greeting, its capabilities, and how it wants
 * to be logged in to. No secret is known here.
 */
#include "base/text.h"
#include "mailbox/probe_words.h"
#include "mailbox/probing.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	ANSWER_LINES = 200, /* lines of one answer; capabilities are one line, or some twenty with POP3 */
	CLOCK_SLACK = 60,   /* seconds that two clocks may differ */
};

bool
probe_connect(struct probing *probing)
{
	int error = 0;

	if (probing->wire.fd >= 0)
		return true;
	if (wire_open(&probing->wire, &error, probing->address, probing->account->port, probing->seconds))
		return true;
	probe_fail(probing, NULL, EXIT_CODE_TEMPORARY, REACH_NOTHING,
	    probe_say(probing, "the port takes no second connection: %s", strerror(error)),
	    "see whether the server limits connections");
	return false;
}

/* The server does not go on; what that means where nothing better is known. */
static void
tell_end(struct probing *probing, enum wire_answer answer, const char *advice)
{
	if (answer == WIRE_SILENT)
		probe_fail(probing, NULL, EXIT_CODE_TEMPORARY, REACH_NOTHING,
		    probe_say(probing, "the server said nothing more for %u seconds", probing->seconds),
		    advice);
	else if (answer == WIRE_CLOSED)
		probe_fail(probing, NULL, EXIT_CODE_TEMPORARY, REACH_NOTHING, "the server hung up", advice);
	else
		probe_fail(probing, NULL, EXIT_CODE_CONFIG, REACH_NOTHING,
		    probe_say(
			probing, "the server sends lines of more than %d bytes: no mail server?", WIRE_LINE),
		    advice);
}

static const char *const protocol_names[] = {"IMAP", "POP3"};

/* Something else speaks there. */
static void
tell_speaker(struct probing *probing, enum words_speaker speaker)
{
	const char *wanted = protocol_names[probing->account->protocol];
	static const char *const advice[] = {
	    [SPEAKER_IMAP] = "this is an IMAP server: use imaps:// or imap://",
	    [SPEAKER_POP3] = "this is a POP3 server: use pop3s:// or pop3://",
	    [SPEAKER_SMTP] = "this is the port of a server that takes mail (SMTP): use 993 or 995",
	    [SPEAKER_HTTP] = "this is a web server: look for a typing error in host and port",
	    [SPEAKER_OTHER] = "look for a typing error in host and port",
	};

	probe_fail(probing, NULL, EXIT_CODE_CONFIG, REACH_NOTHING,
	    probe_say(probing, "this is no %s: %s", wanted, probing->greeting), advice[speaker]);
}

static bool
is_refusal(const char *greeting)
{
	return text_same_nocase(greeting, strlen(greeting) < 5 ? strlen(greeting) : 5, "* BYE") ||
	       greeting[0] == '-';
}

void
probe_step_greeting(struct probing *probing)
{
	const struct account *account = probing->account;
	enum words_speaker speaker;
	enum wire_answer answer;
	const char *line;

	if (!probe_connect(probing))
		return;
	wire_allow(&probing->wire, probing->seconds);
	answer = wire_line(&probing->wire, &line);
	if (answer != WIRE_LINE_CAME) {
		tell_end(probing, answer,
		    account->security == ACCOUNT_TLS
			? "see the server's log"
			: "does this port begin with TLS? then it is imaps:// or pop3s://");
		return;
	}
	(void)snprintf(probing->greeting, sizeof probing->greeting, "%s", line);
	speaker = words_speaker(line);
	if (speaker != (account->protocol == ACCOUNT_IMAP ? SPEAKER_IMAP : SPEAKER_POP3))
		tell_speaker(probing, speaker);
	else if (is_refusal(probing->greeting))
		probe_fail(probing, NULL, EXIT_CODE_TEMPORARY, REACH_NOTHING,
		    probe_say(probing, "%s", probing->greeting),
		    probe_wait(probing->greeting, REFUSAL_OF_LOGIN, "the server's own words say why"));
	else
		probe_note(probing, NULL, PROBE_OK, probe_say(probing, "%s", probing->greeting), NULL);
}

/* Sends a command of IMAP or POP3 and takes its lines up to the last one. */
static enum wire_answer
ask_offers(struct probing *probing, bool *refused)
{
	bool imap = probing->account->protocol == ACCOUNT_IMAP, begun = false;
	enum wire_answer answer;
	const char *line;
	int i;

	probing->offers[0] = '\0';
	*refused = false;
	wire_allow(&probing->wire, probing->seconds);
	if (!wire_send(&probing->wire, imap ? "p1 CAPABILITY" : "CAPA"))
		return WIRE_CLOSED;
	for (i = 0; i < ANSWER_LINES; i++) {
		answer = wire_line(&probing->wire, &line);
		if (answer != WIRE_LINE_CAME)
			return answer;
		if (imap ? strncmp(line, "p1 ", 3) == 0 : strcmp(line, ".") == 0) {
			*refused =
			    imap && !text_same_nocase(line, strlen(line) < 5 ? strlen(line) : 5, "p1 OK");
			return WIRE_LINE_CAME;
		}
		if (!imap && !begun && line[0] == '-') {
			*refused = true;
			return WIRE_LINE_CAME;
		}
		if (imap ? text_find_nocase(line, strlen(line), "* CAPABILITY ") == 0 : begun)
			words_add_offers(
			    probing->offers, sizeof probing->offers, line, probing->account->protocol);
		begun = true;
	}
	return WIRE_TOO_LONG;
}

void
probe_step_capabilities(struct probing *probing)
{
	bool refused;
	enum wire_answer answer = ask_offers(probing, &refused);
	struct str offers = str_trim(str_of(probing->offers));

	if (answer != WIRE_LINE_CAME)
		tell_end(probing, answer, "see the server's log");
	else if (refused || offers.len == 0)
		probe_note(probing, NULL, PROBE_WARNING, "the server tells none",
		    "see below whether the login works all the same; if not, what the server's log says");
	else
		probe_note(
		    probing, NULL, PROBE_OK, probe_say(probing, "%.*s", (int)offers.len, offers.data), NULL);
}

/* STARTTLS or STLS is offered and accepted. */
void
probe_step_starttls(struct probing *probing)
{
	bool imap = probing->account->protocol == ACCOUNT_IMAP, refused;
	const char *name = imap ? "STARTTLS" : "STLS", *line;
	enum wire_answer answer = ask_offers(probing, &refused);

	if (answer == WIRE_LINE_CAME && !words_offers(probing->offers, name)) {
		probe_fail(probing, NULL, EXIT_CODE_CONFIG, REACH_NOTHING,
		    probe_say(probing, "the server does not offer %s there", name),
		    imap ? "use imaps:// (port 993), or let the server offer it"
			 : "use pop3s:// (port 995), or let the server offer it");
		return;
	}
	if (answer == WIRE_LINE_CAME && !wire_send(&probing->wire, imap ? "p2 STARTTLS" : "STLS"))
		answer = WIRE_CLOSED;
	if (answer == WIRE_LINE_CAME)
		answer = wire_line(&probing->wire, &line);
	if (answer != WIRE_LINE_CAME) {
		tell_end(probing, answer, "see the server's log");
		return;
	}
	if (!text_same_nocase(line, strlen(line) < 5 ? strlen(line) : 5, "p2 OK") &&
	    !text_same_nocase(line, strlen(line) < 3 ? strlen(line) : 3, "+OK"))
		probe_fail(probing, NULL, EXIT_CODE_CONFIG, REACH_NOTHING,
		    probe_say(probing, "the server refuses it: %.*s", GREETING_TEXT, line),
		    "see whether the server has a certificate");
	else if (wire_has_input(&probing->wire))
		probe_fail(probing, NULL, EXIT_CODE_CONFIG, REACH_NOTHING,
		    "more than the answer came before TLS began: somebody on the way may have put it there",
		    "use imaps:// or pop3s://, where that is impossible (RFC 8314)");
	else
		probe_note(
		    probing, NULL, PROBE_OK, probe_say(probing, "%s is offered and accepted", name), NULL);
}

/* "PLAIN, LOGIN, OAUTHBEARER": what stands behind AUTH=. */
static const char *
methods_text(struct probing *probing)
{
	char text[SAY_TEXT] = "";
	const char *at = probing->offers;
	size_t used = 0, len;

	while ((at = strstr(at, " AUTH=")) != NULL) {
		at += 6;
		len = strcspn(at, " ");
		if (used + len + 3 > sizeof text)
			break;
		used += (size_t)snprintf(
		    text + used, sizeof text - used, "%s%.*s", used > 0 ? ", " : "", (int)len, at);
	}
	return probe_say(probing, "%s", text);
}

/* Whether somebody with a password can log in, as far as the server tells. */
static bool
takes_password(const struct probing *probing)
{
	static const char *const methods[] = {"AUTH=PLAIN", "AUTH=LOGIN", "AUTH=CRAM-MD5", "AUTH=DIGEST-MD5",
	    "AUTH=SCRAM-SHA-1", "AUTH=SCRAM-SHA-256", "AUTH=NTLM"};
	const char *offers = probing->offers;
	size_t i;

	for (i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (words_offers(offers, methods[i]))
			return true;
	if (probing->account->protocol == ACCOUNT_IMAP)
		return !words_offers(offers, "LOGINDISABLED");
	return offers[0] == '\0' || words_offers(offers, "USER");
}

void
probe_step_methods(struct probing *probing)
{
	const char *list = methods_text(probing), *offers = probing->offers;
	bool token = words_offers(offers, "AUTH=XOAUTH2") || words_offers(offers, "AUTH=OAUTHBEARER");
	bool disabled = words_offers(offers, "LOGINDISABLED");
	bool wants_token = probing->account->token_command != NULL;
	const char *found = probe_say(probing, "%s%s%s", list[0] != '\0' ? list : "by user and password",
	    disabled ? "; plain logins are disabled" : "", token ? "" : "; no OAuth2");

	if (wants_token && !token)
		probe_fail(probing, NULL, EXIT_CODE_CONFIG, REACH_TALK, found,
		    "the server takes no OAuth2 tokens: set a password instead of oauth2-token-command");
	else if (!wants_token && !takes_password(probing))
		probe_fail(probing, NULL, EXIT_CODE_CONFIG, REACH_TALK, found,
		    token ? "the server takes no passwords: set oauth2-token-command"
			  : "the server takes no passwords there: let it allow PLAIN behind TLS");
	else
		probe_note(probing, NULL, PROBE_OK, found, NULL);
}

/* Nothing but the server's own clock tells of a difference; most servers never show it. */
void
probe_step_clock(struct probing *probing)
{
	const struct tls_facts *facts = &probing->probe->tls;
	int64_t now = (int64_t)time(NULL), server = 0, ahead;
	char clock[TIME_TEXT];

	time_format(clock, now);
	if (probing->account->protocol == ACCOUNT_POP3)
		server = words_greeting_time(probing->greeting, now);
	ahead = now - server;
	if (server != 0 && (ahead > CLOCK_SLACK || ahead < -CLOCK_SLACK))
		probe_note(probing, clock, PROBE_WARNING,
		    probe_say(probing, "this machine is %lld seconds %s the server's greeting",
			(long long)(ahead > 0 ? ahead : -ahead), ahead > 0 ? "ahead of" : "behind"),
		    "let both set their clocks by NTP");
	else if (server != 0)
		probe_note(probing, clock, PROBE_OK, "the same as in the server's greeting", NULL);
	else if (facts->count > 0 && now < facts->chain[0].not_before)
		probe_note(probing, clock, PROBE_WARNING,
		    "this machine's clock is before the beginning of the server's certificate",
		    "let this machine set its clock by NTP");
	else
		probe_note(probing, clock, PROBE_UNKNOWN, "the server does not tell its time", NULL);
}
