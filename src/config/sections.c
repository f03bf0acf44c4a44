/*
 * sections: everything that the configuration file may say. A new setting is a line in the table of its
 * section; a new section is a table, a function over it, and a line in config_sections.
 */
#include "config/config.h"

#include "base/limits.h"

#include <string.h>

#define COUNT(array)    (sizeof(array) / sizeof *(array))
#define PERCENT(number) ((uint64_t)((number)*CONFIG_PERCENT_UNIT))

/* name, type, default, least, most, unit, help */
static const struct config_key dmarcq_keys[] = {
    {"db", CONFIG_PATH, 0, 0, 0, NULL, "the database"},
    {"trusted-authserv-id", CONFIG_WORDS, 0, 0, 0, NULL,
	"mail servers whose Authentication-Results are believed, blanks between"},
    {"keep-personal-data", CONFIG_FLAG, 0, 0, 0, NULL, "what failure reports say of people is kept"},
};

static const struct config_key kpi_keys[] = {
    {"spf-pass", CONFIG_PERCENT, PERCENT(99.5), 0, 0, NULL, "at least: messages with an SPF pass"},
    {"spf-aligned", CONFIG_PERCENT, CONFIG_NONE, 0, 0, NULL, "at least: messages with an aligned SPF pass"},
    {"dkim-signed", CONFIG_PERCENT, PERCENT(100), 0, 0, NULL, "at least: messages with a DKIM signature"},
    {"dkim-aligned", CONFIG_PERCENT, CONFIG_NONE, 0, 0, NULL, "at least: messages with an aligned DKIM pass"},
    {"dmarc-pass", CONFIG_PERCENT, PERCENT(95), 0, 0, NULL, "at least: messages that pass DMARC"},
    {"policy-acted", CONFIG_PERCENT, CONFIG_NONE, 0, 0, NULL,
	"at least: failing messages that were quarantined or rejected"},
    {"forwarded", CONFIG_PERCENT, CONFIG_NONE, 0, 0, NULL, "at most: messages that were forwarded"},
    {"days-reported", CONFIG_PERCENT, CONFIG_NONE, 0, 0, NULL, "at least: days with a report"},
    {"silent-days", CONFIG_OPTIONAL, 3, 1, 36500, "days",
	"at most: without a report at the end, or twice what is usual of the domain"},
    {"newest-week", CONFIG_PERCENT, PERCENT(95), 0, 0, NULL,
	"at least: messages of the last 7 days that pass DMARC"},
};

static const struct config_key mailbox_keys[] = {
    {"url", CONFIG_LINE, 0, 0, 0, NULL, "where it is: imaps://USER@HOST/FOLDER, imap, pop3s, pop3"},
    {"user", CONFIG_LINE, 0, 0, 0, NULL, "who logs in, unless the url says so"},
    {"password-file", CONFIG_PATH, 0, 0, 0, NULL, "the password is its first line"},
    {"password-command", CONFIG_COMMAND, 0, 0, 0, NULL, "the password is the first line that it prints"},
    {"credential", CONFIG_LINE, 0, 0, 0, NULL, "the password is this systemd credential"},
    {"oauth2-token-command", CONFIG_COMMAND, 0, 0, 0, NULL, "an OAuth2 token is the first line it prints"},
    {"ca-file", CONFIG_PATH, 0, 0, 0, NULL, "the certificates to trust, PEM, instead of the system's"},
    {"folder", CONFIG_LINE, 0, 0, 0, NULL, "IMAP: the folder, unless the url says so; INBOX"},
    {"after", CONFIG_LINE, 0, 0, 0, NULL,
	"a mail whose reports are stored: archive:FOLDER|seen|delete|leave"},
    {"invalid-folder", CONFIG_LINE, 0, 0, 0, NULL, "IMAP: where a mail goes whose reports were rejected"},
    {"search", CONFIG_LINE, 0, 0, 0, NULL, "IMAP: search keys (RFC 9051 s. 6.4.4) that mails must meet"},
    {"batch", CONFIG_NUMBER, 50, 1, 500, "mails", "asked for at once"},
    {"timeout", CONFIG_NUMBER, 60, 1, 3600, "seconds", "without a byte from the server"},
    {"max-message", CONFIG_NUMBER, 104857600, 1024, 1099511627776, "bytes", "a longer mail is not fetched"},
    {"poll", CONFIG_NUMBER, 300, 5, 86400, "seconds",
	"watch: between two looks, where the server tells no news"},
};

/* What advice needs beside its limits. */
static const struct config_key advice_keys[] = {
    {"confidence", CONFIG_PERCENT, PERCENT(95), PERCENT(50), PERCENT(99.9), NULL,
	"with which the share of failing mail is at most so much"},
    {"intra", CONFIG_PERCENT, PERCENT(10), PERCENT(0), PERCENT(99), NULL,
	"how much the mail of one sender on one day fares alike, at least"},
    {"accept-lists", CONFIG_FLAG, 0, 0, 0, NULL, "mail that is lost at mailing lists holds nothing up"},
    {"parked", CONFIG_WORDS, 0, 0, 0, NULL, "domains that send no mail, blanks between"},
};

/* Their limits: "to quarantine" and "to reject". */
static const struct {
	const char *name, *unit, *help;
	double first, second;
} advice_rules[] = {
#define RULE(name, word, to_quarantine, to_reject, unit, help) {word, unit, help, to_quarantine, to_reject},
#include "base/advice_rules.def"
#undef RULE
};
enum { MOST_DAYS = 3650, MOST_MESSAGES = 1000000000 };

static bool
take(struct config_key *key, const struct config_key *keys, size_t count, size_t i)
{
	if (i >= count)
		return false;
	*key = keys[i];
	return true;
}

static bool
dmarcq_key(struct config_key *key, size_t i)
{
	return take(key, dmarcq_keys, COUNT(dmarcq_keys), i);
}

static bool
kpi_key(struct config_key *key, size_t i)
{
	return take(key, kpi_keys, COUNT(kpi_keys), i);
}

static bool
mailbox_key(struct config_key *key, size_t i)
{
	return take(key, mailbox_keys, COUNT(mailbox_keys), i);
}

/* A share of 1 as a percentage. */
static uint64_t
percent_of(double share)
{
	return (uint64_t)(share * 100 * CONFIG_PERCENT_UNIT + 0.5);
}

static bool
advice_key(struct config_key *key, size_t i)
{
	size_t rules = COUNT(advice_rules);
	const char *unit;

	if (i >= rules)
		return take(key, advice_keys, COUNT(advice_keys), i - rules);
	unit = advice_rules[i].unit;
	if (strcmp(unit, "share") == 0) {
		*key = (struct config_key){advice_rules[i].name, CONFIG_PERCENTS,
		    CONFIG_PAIR(percent_of(advice_rules[i].first), percent_of(advice_rules[i].second)), 0,
		    PERCENT(100), NULL, advice_rules[i].help};
		return true;
	}
	*key = (struct config_key){advice_rules[i].name, CONFIG_NUMBERS,
	    CONFIG_PAIR(advice_rules[i].first, advice_rules[i].second), 0,
	    strcmp(unit, "days") == 0 ? MOST_DAYS : MOST_MESSAGES, unit, advice_rules[i].help};
	return true;
}

static bool
limits_key(struct config_key *key, size_t i)
{
	const struct limit_info *info = limits_info(i);

	if (info == NULL)
		return false;
	*key = (struct config_key){
	    info->name, CONFIG_NUMBER, info->value, info->least, info->most, info->unit, info->reason};
	return true;
}

static const struct {
	const char *section, *name, *hint;
} hints[] = {
    {"mailbox", "password",
	"it stands in a file of its own: password-file; or see password-command, credential"},
    {"mailbox", "port", "it stands in the url: imaps://USER@HOST:PORT"},
    {"mailbox", "host", "it stands in the url: imaps://USER@HOST"},
    {"mailbox", "server", "it stands in the url: imaps://USER@HOST"},
    {"mailbox", "ssl", "the url says that: imaps:// begins with TLS, imap:// goes on with STARTTLS"},
    {"mailbox", "tls", "the url says that: imaps:// begins with TLS, imap:// goes on with STARTTLS"},
};

const char *
config_hint(const char *section, const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(hints); i++)
		if (strcmp(hints[i].section, section) == 0 && strcmp(hints[i].name, name) == 0)
			return hints[i].hint;
	return NULL;
}

static const struct config_section dmarcq_section = {"dmarcq", false, dmarcq_key};
static const struct config_section limits_section = {"limits", false, limits_key};
static const struct config_section advice_section = {"advice", false, advice_key};
static const struct config_section kpi_section = {"kpi", false, kpi_key};
static const struct config_section mailbox_section = {"mailbox", true, mailbox_key};

const struct config_section *const config_sections[] = {
    &dmarcq_section,
    &kpi_section,
    &advice_section,
    &limits_section,
    &mailbox_section,
    NULL,
};
