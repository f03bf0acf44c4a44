/* What servers say when they let nobody in or do nothing for now, and what sounds like it and is not. */
#include "mailbox/refusal.h"
#include "unit/drain.h"

#include <string.h>

enum { NONE, NOW = EXIT_CODE_TEMPORARY, NOT_ALLOWED = EXIT_CODE_PERMISSION, WRONG = EXIT_CODE_CONFIG };

static const struct {
	const char *said;
	int login, command, fetch; /* what each comes to; NONE: nothing is known of it */
} cases[] = {
    /* Gmail. */
    {"NO [ALERT] Too many simultaneous connections. (Failure)", NOW, NOW, NOW},
    {"NO [ALERT] Account exceeded command or bandwidth limits. (Failure)", NOW, NOW, NOW},
    {"NO [OVERQUOTA] Account exceeded command or bandwidth limits.", NOW, NOW, NOW},
    {"-ERR [AUTH] Account exceeded pop command or bandwidth limits (Failure)", NOW, NOW, NOW},
    {"-ERR [SYS/TEMP] Temporary system problem. Please try again later.", NOW, NONE, NONE},
    {"NO [ALERT] Invalid credentials (Failure)", NONE, NONE, NONE},
    {"NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", NONE, NONE, NONE},
    {"NO [ALERT] Application-specific password required: https://example.com/ (Failure)", NONE, NONE, NONE},
    {"NO [ALERT] Please log in via your web browser: https://example.com/ (Failure)", NONE, NONE, NONE},
    {"-ERR [AUTH] Web login required: https://example.com/", NONE, NONE, NONE},
    {"-ERR [AUTH] Username and password not accepted.", NONE, NONE, NONE},
    {"{\"status\":\"400\",\"schemes\":\"Bearer\",\"scope\":\"https://mail.google.com/\"}", NONE, NONE, NONE},
    /* Dovecot, with and without codes. */
    {"NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
	NOW, NOW, NOW},
    {"NO Maximum number of connections from user+IP exceeded (mail_max_userip_connections)", NOW, NOW, NOW},
    {"NO [UNAVAILABLE] Temporary authentication failure. [mail:2026-11-01 10:00:00]", NOW, NOW, NONE},
    {"NO Temporary authentication failure.", NOW, NONE, NONE},
    {"-ERR [IN-USE] Mailbox is locked by another POP3 session.", NOW, NONE, NONE},
    {"NO [AUTHENTICATIONFAILED] Authentication failed.", NONE, NONE, NONE},
    {"NO [AUTHORIZATIONFAILED] Authorization failed", NONE, NONE, NONE},
    {"NO [EXPIRED] Password expired", NONE, NONE, NONE},
    {"NO [PRIVACYREQUIRED] Cleartext authentication disallowed", NONE, NONE, NONE},
    {"NO [CONTACTADMIN] Login disabled for this user", NONE, NOW, NONE},
    /* Exchange. The last one also stands for good where the application was not let into the mailbox. */
    {"BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds", NOW, NOW, NOW},
    {"NO Server Unavailable. 15", NOW, NOW, NONE},
    {"NO LOGIN failed.", NONE, NONE, NONE},
    {"NO AUTHENTICATE failed.", NONE, NONE, NONE},
    {"BAD User is authenticated but not connected.", NONE, NONE, NONE},
    {"-ERR Exceeded the login limit for a 15 minute period. Reduce the frequency of requests", NOW, NONE,
	NONE},
    /* Yahoo: with UNAVAILABLE single mails are refused too. */
    {"NO [UNAVAILABLE] UID FETCH Server error while fetching messages", NOW, NOW, NONE},
    {"NO [SERVERBUG] LOGIN Server error - Please try again later", NOW, NOW, NONE},
    {"NO [LIMIT] UID FETCH Rate limit hit.", NOW, NOW, NOW},
    {"NO [TEMPFAIL] UID FETCH Temporary failure on server", NOW, NOW, NONE},
    {"NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials", NONE, NONE, NONE},
    /* Others. The first of the second group names five causes, a wrong password among them. */
    {"-ERR [LOGIN-DELAY] minimum time between mail checks violation", NOW, NONE, NONE},
    {"-ERR maildrop already locked", NOW, NONE, NONE},
    {"-ERR Unable to lock maildrop: Mailbox is locked by POP server", NOW, NONE, NONE},
    {"-ERR Temporary problem, please try again later", NOW, NONE, NONE},
    {"NO [inuse] Mailbox in use", NOW, NOW, NONE},
    {"NO [LIMIT] Too many connections", NOW, NOW, NOW},
    {"BYE Too many concurrent connections for reports@example.com", NOW, NOW, NOW},
    {"NO Login fail. Account is abnormal, service is not open, password is incorrect, login frequency "
     "limited, "
     "or system is busy.",
	NONE, NONE, NONE},
    {"NO Too many login failures, try again later", NONE, NONE, NONE},
    {"NO [AUTHENTICATIONFAILED] Too many invalid login attempts", NONE, NONE, NONE},
    {"-ERR [SYS/PERM] Account is suspended", NONE, NONE, NONE},
    {"NO account temporarily locked, reset your password", NONE, NONE, NONE},
    /* What commands alone are refused with. */
    {"the server says: [OVERQUOTA] Quota exceeded", NOW, NOW, NONE},
    {"the server says: [NOPERM] not you", NONE, NOT_ALLOWED, NONE},
    {"the server says: [CANNOT] no / in a name", NONE, WRONG, NONE},
    {"the server says: [NONEXISTENT] no such folder", NONE, WRONG, NONE},
    {"the server says: [TRYCREATE] no such folder", NONE, NONE, NONE},
    /* Codes stand in brackets and are whole. */
    {"the server says: UNAVAILABLE", NONE, NONE, NONE},
    {"the server says: [UNAVAILABLE", NONE, NONE, NONE},
    {"the server says: [LIMITED] x", NONE, NONE, NONE},
    {"the server says: [LIMIT 5] x", NOW, NOW, NONE},
    {"[", NONE, NONE, NONE},
    {"", NONE, NONE, NONE},
};

static int
comes_to(const char *said, enum refusal_of of)
{
	const struct refusal *refusal = refusal_find(said, of);

	return refusal == NULL ? NONE : (int)refusal->exit_code;
}

START_TEST(refusals)
{
	const char *said = cases[_i].said;

	ck_assert_msg(comes_to(said, REFUSAL_OF_LOGIN) == cases[_i].login, "login: %s", said);
	ck_assert_msg(comes_to(said, REFUSAL_OF_COMMAND) == cases[_i].command, "command: %s", said);
	ck_assert_msg(comes_to(said, REFUSAL_OF_FETCH) == cases[_i].fetch, "fetch: %s", said);
}
END_TEST

START_TEST(advice)
{
	const struct refusal *refusal =
	    refusal_find("NO [ALERT] Too many simultaneous connections. (Failure)", REFUSAL_OF_LOGIN);

	ck_assert_ptr_nonnull(refusal);
	ck_assert_ptr_nonnull(strstr(refusal->advice, "connections"));
	/* The words say more than the code before them. */
	refusal = refusal_find("NO [UNAVAILABLE] Maximum number of connections exceeded", REFUSAL_OF_LOGIN);
	ck_assert_ptr_nonnull(refusal);
	ck_assert_ptr_nonnull(refusal->advice);
	ck_assert_ptr_nonnull(strstr(refusal->advice, "connections"));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("refusal");
	TCase *tests = tcase_create("refusal");

	tcase_add_loop_test(tests, refusals, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tests, advice);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
