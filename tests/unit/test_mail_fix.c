/* What the owner can do about each class of mail, and that no name from outside becomes a command. */
#include "analysis/mail.h"
#include "unit/drain.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *domain;
	bool known; /* Twilio SendGrid stands behind it */
	enum mail_decision decision;
	enum mail_class class;
	enum mail_fault fault;
	const char *begin; /* of the advice; NULL: there is none */
} rows[] = {
    {"example.com", "example.com", false, 0, MAIL_FULL, 0, NULL},
    {"example.com", "example.com", false, 0, MAIL_DKIM_ONLY, 0, NULL},
    {"192.0.2.0/24", "example.com", false, 0, MAIL_FORWARDED, 0, NULL},
    {"lists.example", "example.com", false, 0, MAIL_LIST, 0, NULL},
    {"192.0.2.0/24", "example.com", false, 0, MAIL_SPOOFED, 0, NULL},
    {"example.com", "example.com", false, 0, MAIL_INCONSISTENT, 0, NULL},
    {"example.com", "example.com", false, 0, MAIL_UNTOLD, 0, NULL},
    {"example.com", "example.com", false, 0, MAIL_SPF_ONLY, FAULT_SPF,
	"Have it sign with DKIM as d=example.com:"},
    {"example.com", "example.com", false, 0, MAIL_SPF_ONLY, FAULT_SIGNATURE, "Compare the key in DNS"},
    {"Twilio SendGrid", "example.com", true, 0, MAIL_SPF_ONLY, FAULT_SPF, "Settings > Sender Authentication"},
    {"Twilio SendGrid", "example.com", true, 0, MAIL_SERVICE, 0, "Settings > Sender Authentication"},
    {"Twilio SendGrid", "example.com", true, DECISION_OURS, MAIL_SERVICE, 0,
	"Settings > Sender Authentication"},
    {"Twilio SendGrid", "example.com", true, DECISION_NOT_OURS, MAIL_SERVICE, 0, NULL},
    {"Twilio SendGrid", "example.com", true, DECISION_FORWARDER, MAIL_SERVICE, 0, NULL},
    {"Twilio SendGrid", "example.com", true, 0, MAIL_TENANT, 0, "Settings > Sender Authentication"},
    {"a.example", "example.com", false, 0, MAIL_UNKNOWN, 0,
	"Find out whose it is, and say so: dmarcq mark 'a.example' ours --domain example.com --note WHY"},
    {"a.example", "example.com", false, DECISION_OURS, MAIL_UNKNOWN, 0,
	"Have it sign with DKIM as d=example.com,"},
    {"a'; reboot; '.example", "example.com", false, 0, MAIL_UNKNOWN, 0,
	"Find out whose it is, and say so with dmarcq mark."},
    {"a.example", "$(reboot).example.com", false, 0, MAIL_UNKNOWN, 0,
	"Find out whose it is, and say so with dmarcq mark."},
    {"--help", "example.com", false, 0, MAIL_UNKNOWN, 0,
	"Find out whose it is, and say so with dmarcq mark."},
    {NULL, "example.com", false, 0, MAIL_UNKNOWN, 0, "Find out whose it is, and say so with dmarcq mark."},
    {"192.0.2.0/24", "example.com", false, 0, MAIL_BROKEN, FAULT_SPF,
	"Add the server to the SPF record of example.com"},
    {"192.0.2.0/24", "example.com", false, 0, MAIL_BROKEN, FAULT_SIGNATURE, "Compare the key in DNS"},
    {"192.0.2.0/24", "example.com", false, 0, MAIL_BROKEN, FAULT_MODE, "Publish relaxed alignment"},
    {"192.0.2.0/24", "example.com", false, 0, MAIL_TEMPORARY, 0, "Look at the name servers of example.com"},
};

START_TEST(advice_given)
{
	struct senders *senders = senders_new();
	struct mail_source source = {.name = str_of(rows[_i].name), .decision = rows[_i].decision};
	char fix[MAIL_FIX];
	size_t len;

	if (rows[_i].known)
		source.service = sender_by_name(senders, str_of("Twilio SendGrid"));
	len = mail_fix(fix, &source, rows[_i].class, rows[_i].fault, str_of(rows[_i].domain));
	ck_assert_uint_eq(len, strlen(fix));
	if (rows[_i].begin == NULL)
		ck_assert_str_eq(fix, "");
	else
		ck_assert_msg(
		    strncmp(fix, rows[_i].begin, strlen(rows[_i].begin)) == 0, "row %d: %s", _i, fix);
	senders_free(senders);
}
END_TEST

START_TEST(long_names_bounded)
{
	static char name[5000];
	const struct mail_source source = {.name = {name, 4999}};
	char fix[MAIL_FIX];
	int kind;

	memset(name, 'a', sizeof name - 1);
	for (kind = 0; kind < MAIL_CLASSES; kind++)
		ck_assert_uint_eq(
		    mail_fix(fix, &source, (enum mail_class)kind, FAULT_SPF, source.name), strlen(fix));
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("mail_fix");
	Suite *suite = suite_create("mail_fix");

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, advice_given, 0, sizeof rows / sizeof *rows);
	tcase_add_test(tcase, long_names_bounded);
	return run_suite(suite);
}
