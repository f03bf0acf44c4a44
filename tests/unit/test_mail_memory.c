/* What is remembered of mail that passed, and what it makes of mail that fails. */
#include "unit/drain.h"
#include "unit/rows.h"

#include <stdlib.h>

/* clang-format off */
static const struct sort esp_key = {"example.com", "pf", {{"d", "example.com", "k1", "pass"}}, NULL};
static const struct sort replayed = {"example.com", "pf", {{"d", "example.com", "s1", "pass"}, {"s", "a.example", "", "pass"}}, NULL};
static const struct sort junk = {"example.com", "ff", {{"d", "example.com", "junk", "fail"}, {"s", "a.example", "", "pass"}}, NULL};
static const struct sort changed = {"example.com", "ff", {{"d", "example.com", "s1", "fail"}, {"s", "a.example", "", "pass"}}, NULL};
static const struct sort changed_elsewhere = {"example.com", "ff", {{"d", "example.com", "s1", "fail"}, {"s", "b.example", "", "pass"}}, NULL};
static const struct sort esp_aligned = {"example.com", "pf", {{"d", "example.com", "k1", "pass"}, {"d", "sendgrid.net", "x", "pass"}}, NULL};
static const struct sort tenant_passes = {"example.com", "fp", {{"d", "good.onmicrosoft.com", "x", "pass"}, {"s", "example.com", "", "pass"}}, NULL};
static const struct sort tenant_fails = {"example.com", "ff", {{"d", "good.onmicrosoft.com", "x", "pass"}}, NULL};
static const struct sort foreign_fails = {"example.com", "ff", {{"d", "evil.onmicrosoft.com", "x", "pass"}, {"d", "example.com", "s1", "fail"}}, NULL};
static const struct sort changed_there = {"example.com", "ff", {{"d", "example.com", "s1", "fail"}, {"s", "c.example", "", "pass"}}, NULL};
static const struct sort told = {"example.com", "ff", {{"d", "example.com", "s1", "fail"}, {"s", "c.example", "", "pass"}}, "mailing_list"};
/* clang-format on */

/* History: an address that passed by its own SPF is a sender, one that only ever passed the own servers' key
 * is not. */
START_TEST(history_tells_senders_from_forwarders)
{
	static const struct given rows[] = {
	    {&own, "192.0.2.1", 0, 1, NULL},
	    {&forwarded, "198.51.100.77", 0, 1, NULL},
	    {&esp_key, "198.51.100.88", 0, 1, NULL},
	    {&own_broken, "192.0.2.1", 0, 2, NULL},
	    {&own_broken, "192.0.2.99", 0, 4, NULL},
	    {&own_broken, "198.51.100.77", 0, 8, NULL},
	    {&forged, "198.51.100.77", 0, 16, NULL},
	    {&forged, "198.51.100.88", 0, 32, NULL},
	    {&own_broken, "203.0.113.5", 0, 64, NULL},
	};
	struct mail *mail = rows_start(100);
	const struct mail_view *view = ALL(mail, rows);

	ck_assert_uint_eq(rows_messages(view, "example.com", MAIL_BROKEN), 2);
	/* one address that passed doesn't speak for its network */
	ck_assert_uint_eq(rows_messages(view, "192.0.2.0/24", MAIL_SPOOFED), 4);
	ck_assert_uint_eq(rows_messages(view, "198.51.100.0/24", MAIL_FORWARDED), 1);
	ck_assert_uint_eq(rows_messages(view, "198.51.100.0/24", MAIL_DKIM_ONLY), 1);
	ck_assert_uint_eq(rows_messages(view, "198.51.100.0/24", MAIL_LIST), 8);
	ck_assert_uint_eq(rows_messages(view, "198.51.100.0/24", MAIL_SPOOFED), 16 + 32);
	ck_assert_uint_eq(rows_messages(view, "203.0.113.0/24", MAIL_SPOOFED), 64);
	rows_finish(mail);
}
END_TEST

/* An own server is one source, whether its mail passes or not; two of its network speak for the rest of it.
 */
START_TEST(own_server_is_one_source)
{
	static const struct given rows[] = {
	    {&own, "192.0.2.1", 9, 1, NULL},
	    {&own, "192.0.2.2", 9, 2, "yahoo"},
	    {&own_broken, "192.0.2.1", 0, 4, NULL},
	    {&own_broken, "192.0.2.99", 0, 8, NULL},
	    {&forwarded, "192.0.2.1", 0, 16, NULL},
	    {&own, "198.51.100.1", 9, 32, NULL},
	    {&own_broken, "198.51.100.99", 0, 64, NULL},
	    {&other, "192.0.2.1", 0, 128, NULL},
	};
	struct mail *mail = rows_start(100);
	const struct mail_view *view = ALL(mail, rows);

	ck_assert_uint_eq(rows_messages(view, "example.com", MAIL_BROKEN), 12);
	ck_assert_uint_eq(rows_messages(view, "example.com", MAIL_DKIM_ONLY), 16);
	ck_assert_uint_eq(rows_messages(view, "198.51.100.0/24", MAIL_SPOOFED), 64);
	ck_assert_uint_eq(rows_messages(view, "a.example", MAIL_UNKNOWN), 128);
	ck_assert_int_eq(rows_source(view, "example.com")->passed_last, AS_OF - 9);
	rows_finish(mail);
}
END_TEST

/* A signed mail can be sent again by anyone; what passes so for days is a sender. */
/* What names no source is one's by its address alone; where that is, a question can be asked. */
static void
unnamed_is_of(size_t rows_count, const char *network)
{
	static const struct given rows[] = {
	    {&own, "192.0.2.1", 60, 10, "a.example"},
	    {&own, "192.0.2.1", 40, 10, "b.example"},
	    {&own, "198.51.100.1", 60, 10, "a.example"},
	    {&own, "198.51.100.1", 40, 10, "b.example"},
	    {&own_broken, "192.0.2.1", 3, 5, "a.example"},
	    {&own_broken, "192.0.2.1", 2, 5, "b.example"},
	    {&own_broken, "198.51.100.1", 2, 7, "a.example"},
	};
	struct mail *mail = rows_start(100);
	const struct mail_view *view = rows_all(mail, rows, rows_count, false);
	size_t i, found = 0;

	for (i = 0; i < view->flow_count; i++) {
		ck_assert(view->flows[i].unnamed == (view->flows[i].class == MAIL_BROKEN));
		found += view->flows[i].unnamed;
		if (view->flows[i].unnamed && network != NULL)
			ck_assert_str_eq(rows_text(view->flows[i].network), network);
		else
			ck_assert_ptr_null(view->flows[i].network.data);
	}
	ck_assert_uint_eq(found, 1);
	rows_finish(mail);
}

START_TEST(unnamed_mail_has_a_network)
{
	unnamed_is_of(6, "192.0.2.0/24");
	unnamed_is_of(7, NULL);
}
END_TEST

START_TEST(replayed_signature_proves_nothing)
{
	static const struct given rows[] = {
	    {&own, "192.0.2.1", 60, 1, NULL},
	    {&replayed, "203.0.113.9", 60, 1, NULL},
	    {&replayed, "203.0.113.9", 59, 1, "yahoo"},
	    {&junk, "203.0.113.9", 0, 2, NULL},
	    {&esp_key, "198.51.100.1", 60, 1, NULL},
	    {&esp_key, "198.51.100.1", 59, 1, "yahoo"},
	    {&esp_key, "198.51.100.1", 58, 1, "yahoo"},
	    {&forged, "198.51.100.1", 0, 4, NULL},
	    {&esp_aligned, "198.51.100.2", 60, 1, NULL},
	    {&forged, "198.51.100.2", 0, 8, NULL},
	};
	struct mail *mail = rows_start(100);
	const struct mail_view *view = ALL(mail, rows);

	ck_assert_uint_eq(rows_messages(view, "a.example", MAIL_UNKNOWN), 2);
	ck_assert(!rows_source(view, "a.example")->passed);
	ck_assert_uint_eq(rows_messages(view, "198.51.100.0/24", MAIL_BROKEN), 12);
	ck_assert(rows_source(view, "Twilio SendGrid")->passed);
	rows_finish(mail);
}
END_TEST

/* What one reporter alone tells, and nobody can check, counts for what it tells itself. */
START_TEST(lone_word_counts_for_itself)
{
	static const struct given rows[] = {
	    {&own_spf, "203.0.113.9", 60, 1, "liar.example"},
	    {&forged, "203.0.113.9", 0, 2, NULL},
	    {&forged, "203.0.113.9", 0, 4, "liar.example"},
	    {&own_spf, "198.51.100.1", 60, 1, "liar.example"},
	    {&own_spf, "198.51.100.1", 60, 1, "yahoo"},
	    {&forged, "198.51.100.1", 0, 8, NULL},
	};
	struct mail *mail = rows_start(100);
	const struct mail_view *view = ALL(mail, rows);

	ck_assert_uint_eq(rows_messages(view, "203.0.113.0/24", MAIL_SPOOFED), 2);
	ck_assert_uint_eq(rows_messages(view, "example.com", MAIL_BROKEN), 12);
	rows_finish(mail);
}
END_TEST

/* A tenant that never stood beside a pass of the domain is a source of its own. */
START_TEST(tenants_told_apart)
{
	static const struct given rows[] = {
	    {&tenant_passes, "192.0.2.40", 60, 1, NULL},
	    {&tenant_fails, "192.0.2.40", 0, 2, NULL},
	    {&foreign_fails, "192.0.2.40", 0, 4, NULL},
	};
	struct mail *mail = rows_start(100), *marked;
	const struct mail_view *view = ALL(mail, rows);

	ck_assert_uint_eq(rows_messages(view, "Microsoft 365", MAIL_TENANT), 2);
	ck_assert_uint_eq(rows_messages(view, "evil.onmicrosoft.com", MAIL_UNKNOWN), 4);
	ck_assert(!rows_source(view, "evil.onmicrosoft.com")->passed);
	rows_finish(mail);
	marked = rows_start(100);
	mail_decide(marked, "source", str_of("Microsoft 365"), DECISION_OURS);
	mail_decide(marked, "source", str_of("evil.onmicrosoft.com"), DECISION_OURS);
	ck_assert_uint_eq(rows_messages(ALL(marked, rows), "evil.onmicrosoft.com", MAIL_BROKEN), 4);
	rows_finish(marked);
	marked = rows_start(100);
	mail_decide(marked, "source", str_of("Microsoft 365"), DECISION_OURS);
	ck_assert_uint_eq(rows_messages(ALL(marked, rows), "evil.onmicrosoft.com", MAIL_UNKNOWN), 4);
	rows_finish(marked);
	marked = rows_start(100);
	mail_decide(marked, "source", str_of("Microsoft 365"), DECISION_NOT_OURS);
	ck_assert_uint_eq(rows_messages(ALL(marked, rows), "evil.onmicrosoft.com", MAIL_SPOOFED), 4);
	rows_finish(marked);
}
END_TEST

/* Mail that a list changed is told from a copied selector by the other mail that came through it. */
START_TEST(lists_pass_mail_on)
{
	static const struct given rows[] = {
	    {&own, "192.0.2.1", 60, 1, NULL},
	    {&replayed, "203.0.113.9", 60, 1, NULL},
	    {&changed, "203.0.113.77", 0, 2, NULL},
	    {&changed_elsewhere, "203.0.113.9", 0, 4, NULL},
	    {&changed_elsewhere, "203.0.113.10", 0, 8, "yahoo"},
	    {&told, "203.0.113.11", 150, 16, NULL},
	    {&changed_there, "203.0.113.12", 0, 32, "yahoo"},
	};
	struct mail *mail = rows_start(100);
	const struct mail_view *view = ALL(mail, rows);

	ck_assert_uint_eq(rows_messages(view, "a.example", MAIL_LIST), 2);
	/* the address passes mail on, whatever its source says */
	ck_assert_uint_eq(rows_messages(view, "b.example", MAIL_LIST), 4);
	ck_assert_uint_eq(rows_messages(view, "b.example", MAIL_UNKNOWN), 8);
	/* another receiver called it a list */
	ck_assert_uint_eq(rows_messages(view, "c.example", MAIL_LIST), 32);
	rows_finish(mail);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("mail_memory");
	Suite *suite = suite_create("mail_memory");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, history_tells_senders_from_forwarders);
	tcase_add_test(tcase, own_server_is_one_source);
	tcase_add_test(tcase, unnamed_mail_has_a_network);
	tcase_add_test(tcase, replayed_signature_proves_nothing);
	tcase_add_test(tcase, lone_word_counts_for_itself);
	tcase_add_test(tcase, tenants_told_apart);
	tcase_add_test(tcase, lists_pass_mail_on);
	return run_suite(suite);
}
