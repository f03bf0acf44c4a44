/* One domain's mail from its rows: sources, classes, days, decisions, and the bounds of memory. */
#include "unit/drain.h"
#include "unit/rows.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct sort esp = {"example.com", "ff", {{"d", "sendgrid.net", "x", "pass"}, {"s", "em.sendgrid.net", "", "pass"}}, NULL};
static const struct sort below = {"news.example.com", "pp", {{"d", "example.com", "s1", "pass"}, {"s", "example.com", "", "pass"}}, NULL};
/* clang-format on */

static const struct given day_of_mail[] = {
    {&own, "192.0.2.1", 0, 100, NULL},
    {&own, "192.0.2.1", 30, 10, "yahoo"},
    {&own, "192.0.2.1", 120, 7, NULL},
    {&below, "192.0.2.2", 1, 5, NULL},
    {&own_broken, "192.0.2.1", 2, 3, NULL},
    {&esp, "198.51.100.1", 3, 20, NULL},
    {&esp, "198.51.100.2", 3, 20, "yahoo"},
    {&forged, "203.0.113.1", 4, 1000, NULL},
    {&forged, "203.0.113.2", 5, 1000, NULL},
    {&forwarded, "198.51.100.77", 6, 4, NULL},
    {&other, "203.0.113.9", 89, 2, NULL},
    {&other, "203.0.113.9", 90, 50, NULL},
    {&other, "203.0.113.9", -1, 50, NULL},
};

START_TEST(rows_become_flows)
{
	struct mail *mail = rows_start(100);
	const struct mail_view *view = ALL(mail, day_of_mail);
	const struct mail_source *source;
	uint64_t recent = 0, total = 0, cells = 0;
	size_t i;

	ck_assert_uint_eq(rows_messages(view, "example.com", MAIL_FULL), 115);
	ck_assert_uint_eq(rows_messages(view, "example.com", MAIL_BROKEN), 3);
	ck_assert_uint_eq(rows_messages(view, "Twilio SendGrid", MAIL_SERVICE), 40);
	ck_assert_uint_eq(rows_messages(view, "203.0.113.0/24", MAIL_SPOOFED), 2000);
	ck_assert_uint_eq(rows_messages(view, "198.51.100.0/24", MAIL_FORWARDED), 4);
	ck_assert_uint_eq(rows_messages(view, "a.example", MAIL_UNKNOWN), 2);
	for (i = 0; i < view->flow_count; i++) {
		total += view->flows[i].messages;
		recent += view->flows[i].recent;
	}
	ck_assert_uint_eq(total, 2164);
	ck_assert_uint_eq(recent, 2152);
	for (i = 0; i < view->cell_count; i++) {
		cells += view->cells[i].messages;
		ck_assert_int_ne(view->flows[view->cells[i].flow].class, MAIL_SPOOFED);
		ck_assert(i == 0 || view->cells[i - 1].flow < view->cells[i].flow ||
			  view->cells[i - 1].day >= view->cells[i].day);
	}
	ck_assert_uint_eq(cells, 164);

	source = rows_source(view, "example.com");
	ck_assert(source->passed && !source->is_address && source->service == NULL);
	ck_assert_int_eq(source->first, AS_OF - 120);
	ck_assert_int_eq(source->last, AS_OF);
	ck_assert_int_eq(source->passed_last, AS_OF);
	ck_assert_uint_eq(source->addresses, 2);
	ck_assert_ptr_null(source->address.data);
	source = rows_source(view, "a.example");
	ck_assert(!source->passed);
	ck_assert_uint_eq(source->addresses, 1);
	ck_assert_str_eq(rows_text(source->address), "203.0.113.9");
	source = rows_source(view, "Twilio SendGrid");
	ck_assert_str_eq(rows_text(source->service->name), "Twilio SendGrid");
	ck_assert(rows_source(view, "203.0.113.0/24")->is_address);
	ck_assert_int_eq(view->first_day, AS_OF - 120);
	rows_finish(mail);
}
END_TEST

/* What came once can come again without being asked about. */
START_TEST(flow_takes_more_rows)
{
	static const struct given now = {&own, "192.0.2.1", 0, 100, NULL},
				  old = {&own, "192.0.2.1", 90, 100, NULL};
	struct mail *mail = rows_start(100);
	const struct mail_view *view = mail_view(mail);
	uint32_t flow = rows_put(mail, &now, false);
	struct mail_row row = {
	    .reporter = mail_reporter(mail, str_of("google.com")), .authentic = true, .messages = 10};
	static const int64_t before[] = {40, 0, 90, -1};
	size_t i;

	ck_assert_uint_eq(rows_put(mail, &old, false), MAIL_NO_FLOW);
	for (i = 0; i < sizeof before / sizeof *before; i++) {
		row.day = AS_OF - before[i];
		mail_add_to(mail, flow, &row);
	}
	row.day = AS_OF;
	mail_add_to(mail, MAIL_NO_FLOW, &row);
	mail_close(mail);
	ck_assert_uint_eq(view->flow_count, 1);
	ck_assert_uint_eq(view->flows[0].messages, 120);
	ck_assert_uint_eq(view->flows[0].recent, 110);
	ck_assert_int_eq(view->flows[0].first, AS_OF - 40);
	ck_assert_int_eq(view->flows[0].last, AS_OF);
	ck_assert_uint_eq(view->cell_count, 2);
	ck_assert_uint_eq(view->cells[0].messages, 10);
	ck_assert_uint_eq(view->cells[1].messages, 110);
	ck_assert_int_eq(view->sources[0].first, AS_OF - 40);
	ck_assert_uint_eq(view->reporters[0].messages, 110);
	rows_finish(mail);
}
END_TEST

/* What is counted, in an order of its own. */
static int
lines(char text[][300], const struct mail_view *view)
{
	int count = 0;
	size_t i;

	for (i = 0; i < view->flow_count; i++) {
		const struct mail_flow *flow = &view->flows[i];
		int len = snprintf(text[count], 100, "%.90s", rows_text(view->sources[flow->source].name));

		(void)snprintf(text[count++] + len, 200, " %.60s %s %u %d %d %d %d",
		    rows_text(view->names[flow->name].domain), mail_class_word(flow->class), flow->flags,
		    (int)flow->messages, (int)flow->recent, (int)flow->first, (int)flow->last);
	}
	for (i = 0; i < view->source_count; i++) {
		const struct mail_source *source = &view->sources[i];

		(void)snprintf(text[count++], 300, "%.90s %d %d %d %d %d", rows_text(source->name),
		    source->passed, source->shared, (int)source->addresses, (int)source->first,
		    (int)source->last);
	}
	qsort(text, (size_t)count, 300, (int (*)(const void *, const void *))strcmp);
	return count;
}

START_TEST(order_makes_no_difference)
{
	static char forwards[64][300], backwards[64][300];
	struct mail *one = rows_start(100), *two;
	int count, i;

	count = lines(forwards, ALL(one, day_of_mail));
	rows_finish(one);
	two = rows_start(100);
	ck_assert_int_eq(
	    lines(backwards, rows_all(two, day_of_mail, sizeof day_of_mail / sizeof *day_of_mail, true)),
	    count);
	rows_finish(two);
	for (i = 0; i < count; i++)
		ck_assert_str_eq(forwards[i], backwards[i]);
}
END_TEST

START_TEST(decisions_hold)
{
	static const struct given rows[] = {
	    {&forged, "203.0.113.1", 0, 1, NULL},
	    {&forged, "203.0.113.2", 0, 2, NULL},
	    {&forged, "203.0.113.200", 0, 4, NULL},
	    {&forged, "198.51.100.1", 0, 8, NULL},
	    {&other, "203.0.113.1", 0, 16, NULL},
	    {&other, "192.0.2.1", 0, 32, NULL},
	    {&esp, "192.0.2.2", 0, 64, NULL},
	    {&forged, "2001:db8:1::5", 0, 128, NULL},
	};
	struct mail *mail = rows_start(100);
	const struct mail_view *view;

	mail_decide(mail, "source", str_of("a.example"), DECISION_OURS);
	mail_decide(mail, "network", str_of("203.0.113.0/24"), DECISION_FORWARDER);
	mail_decide(mail, "network", str_of("203.0.113.0/28"), DECISION_OURS);
	mail_decide(mail, "address", str_of("203.0.113.2"), DECISION_NOT_OURS);
	mail_decide(mail, "source", str_of("Twilio SendGrid"), DECISION_OURS);
	mail_decide(mail, "source", str_of("Twilio SendGrid"), DECISION_NOT_OURS);
	mail_decide(mail, "network", str_of("198.51.100.0/24"), DECISION_OURS);
	mail_decide(mail, "network", str_of("198.51.100.0/24"), DECISION_NONE);
	mail_decide(mail, "network", str_of("2001:db8::/32"), DECISION_OURS);
	view = ALL(mail, rows);
	ck_assert_uint_eq(rows_messages(view, "203.0.113.0/28", MAIL_BROKEN), 1);
	ck_assert_uint_eq(rows_messages(view, "203.0.113.2", MAIL_SPOOFED), 2);
	ck_assert_uint_eq(rows_messages(view, "203.0.113.0/24", MAIL_LIST), 4);
	ck_assert_uint_eq(rows_messages(view, "198.51.100.0/24", MAIL_SPOOFED), 8);
	/* the network says the same as the name, so the name is kept */
	ck_assert_uint_eq(rows_messages(view, "a.example", MAIL_UNKNOWN), 48);
	ck_assert_uint_eq(rows_messages(view, "Twilio SendGrid", MAIL_SPOOFED), 64);
	ck_assert_uint_eq(rows_messages(view, "2001:db8::/32", MAIL_BROKEN), 128);
	ck_assert_int_eq(rows_source(view, "203.0.113.0/28")->decision, DECISION_OURS);
	ck_assert_int_eq(rows_source(view, "198.51.100.0/24")->decision, DECISION_NONE);
	ck_assert_int_eq(rows_source(view, "a.example")->decision, DECISION_OURS);
	rows_finish(mail);
}
END_TEST

/* Where the owner says another thing of an address than of the organisation behind it, it is a source of its
 * own. */
START_TEST(decided_address_leaves_its_organisation)
{
	static const struct given rows[] = {
	    {&other, "203.0.113.1", 0, 1, NULL},
	    {&other, "203.0.113.2", 0, 2, NULL},
	};
	struct mail *mail = rows_start(100);
	const struct mail_view *view;

	mail_decide(mail, "address", str_of("203.0.113.1"), DECISION_NOT_OURS);
	view = ALL(mail, rows);
	ck_assert_uint_eq(rows_messages(view, "203.0.113.1", MAIL_SPOOFED), 1);
	ck_assert_uint_eq(rows_messages(view, "a.example", MAIL_UNKNOWN), 2);
	rows_finish(mail);
}
END_TEST

/* A network that is not the owner's, or a forwarder's, takes no server in it away that passes by SPF. */
START_TEST(decided_network_leaves_own_servers)
{
	static const struct given rows[] = {
	    {&own, "192.0.2.10", 9, 1, NULL},
	    {&own_broken, "192.0.2.10", 0, 2, NULL},
	    {&forged, "192.0.2.222", 0, 4, NULL},
	    {&forwarded, "192.0.2.77", 0, 8, NULL},
	};
	static const enum mail_decision decisions[] = {
	    DECISION_NOT_OURS, DECISION_FORWARDER, DECISION_OURS, DECISION_NOT_OURS};
	size_t i;

	for (i = 0; i < 4; i++) {
		struct mail *mail = rows_start(100);
		enum mail_class failing = decisions[i] == DECISION_FORWARDER ? MAIL_LIST
					  : decisions[i] == DECISION_OURS    ? MAIL_BROKEN
									     : MAIL_SPOOFED;
		bool leaves = i < 2;
		const struct mail_view *view;

		mail_decide(mail, "network", str_of("192.0.2.0/24"), decisions[i]);
		if (i == 3) /* what is said of the address itself holds */
			mail_decide(mail, "address", str_of("192.0.2.10"), DECISION_NOT_OURS);
		view = ALL(mail, rows);
		ck_assert_uint_eq(rows_messages(view, "example.com", MAIL_FULL), leaves ? 1 : 0);
		ck_assert_uint_eq(rows_messages(view, "example.com", MAIL_BROKEN), leaves ? 2 : 0);
		ck_assert_uint_eq(rows_messages(view, "192.0.2.0/24", failing),
		    4 + (decisions[i] == DECISION_OURS ? 2 : 0));
		ck_assert_uint_eq(rows_messages(view, "192.0.2.10", MAIL_SPOOFED), i == 3 ? 2 : 0);
		rows_finish(mail);
	}
}
END_TEST

/* What is decided about a network's only address is decided about that. */
START_TEST(only_address_is_named)
{
	static const struct given rows[] = {
	    {&own, "192.0.2.10", 0, 1, NULL},
	    {&forged, "192.0.2.222", 0, 2, NULL},
	    {&forged, "192.0.2.222", 1, 4, NULL},
	    {&forged, "198.51.100.1", 0, 8, NULL},
	    {&forged, "198.51.100.2", 0, 16, NULL},
	    {&forged, "203.0.113.1", 0, 32, NULL},
	};
	struct mail *mail = rows_start(100);
	const struct mail_view *view;

	mail_decide(mail, "network", str_of("203.0.113.0/24"), DECISION_NOT_OURS);
	view = ALL(mail, rows);
	ck_assert_str_eq(rows_text(mail_source_text(rows_source(view, "192.0.2.0/24"))), "192.0.2.222");
	ck_assert_str_eq(
	    rows_text(mail_source_text(rows_source(view, "198.51.100.0/24"))), "198.51.100.0/24");
	ck_assert_str_eq(rows_text(mail_source_text(rows_source(view, "203.0.113.0/24"))), "203.0.113.0/24");
	ck_assert_str_eq(rows_text(mail_source_text(rows_source(view, "example.com"))), "example.com");
	rows_finish(mail);
}
END_TEST

START_TEST(shared_addresses_noticed)
{
	static const struct given rows[] = {
	    {&own_spf, "192.0.2.1", 0, 1, NULL},
	    {&other, "192.0.2.1", 0, 1, NULL},
	    {&esp, "198.51.100.1", 0, 1, NULL},
	};
	struct mail *mail = rows_start(100);
	const struct mail_view *view = ALL(mail, rows);

	ck_assert(rows_source(view, "example.com")->shared);
	ck_assert(!rows_source(view, "a.example")->shared);
	ck_assert(!rows_source(view, "Twilio SendGrid")->shared);
	rows_finish(mail);
}
END_TEST

/* A wave of spoofing from everywhere, under names without number, told by reporters without number. */
START_TEST(wave_bounded)
{
	enum { MOST = 50, WAVE = 100000 };
	struct mail *mail = rows_start(MOST);
	const struct mail_view *view;
	char ip[INET_ADDRSTRLEN], from[64], org[64];
	struct sort sort = forged;
	struct given given = {&sort, ip, 0, 1, org};
	uint64_t total = 0;
	size_t i;

	rows_put(mail, &day_of_mail[0], true);
	for (i = 0; i < WAVE; i++) {
		(void)snprintf(ip, sizeof ip, "%zu.%zu.%zu.1", 1 + i % 223, i / 223 % 256, i / 223 / 256);
		(void)snprintf(from, sizeof from, "n%zu.example.com", i);
		(void)snprintf(org, sizeof org, "r%zu.example", i);
		sort.from = from;
		rows_put(mail, &given, false);
	}
	rows_put(mail, &day_of_mail[0], false);
	rows_put(mail, &day_of_mail[3], false);
	rows_put(mail, &day_of_mail[4], false);
	rows_put(mail, &day_of_mail[5], false);
	mail_close(mail);
	view = mail_view(mail);
	ck_assert_uint_le(view->source_count, MOST + 10);
	ck_assert_uint_le(view->name_count, MOST + 10);
	ck_assert_uint_le(view->flow_count, 2 * 8 * MOST + 10);
	ck_assert_uint_le(view->reporter_count, 4000);
	ck_assert_uint_eq(view->cell_count, 4);
	for (i = 0; i < view->flow_count; i++)
		total += view->flows[i].messages;
	ck_assert_uint_eq(total, WAVE + 100 + 5 + 3 + 20);
	/* what passed before and known services have their own */
	ck_assert_uint_eq(rows_messages(view, "example.com", MAIL_FULL), 105);
	ck_assert_uint_eq(rows_messages(view, "Twilio SendGrid", MAIL_SERVICE), 20);
	ck_assert_uint_eq(rows_messages(view, "all others", MAIL_SPOOFED), WAVE - MOST);
	ck_assert_uint_ge(rows_source(view, "all others")->addresses, 1600);
	ck_assert(rows_source(view, "all others")->more_addresses);
	ck_assert(!rows_source(view, "example.com")->more_addresses);
	rows_finish(mail);
}
END_TEST

/* What comes without number takes the name neither from mail that passes, nor from that of the domain itself.
 */
START_TEST(names_outlast_a_wave)
{
	enum { MOST = 4, NETS = 30 };
	static const char *const names[] = {
	    "news.example.com", "a.example.com", "b.example.com", "c.example.com", "d.example.com"};
	struct mail *mail = rows_start(MOST);
	const struct mail_view *view;
	char ip[INET_ADDRSTRLEN], domain[64];
	struct sort sorts[] = {forged, other};
	struct given given = {NULL, ip, 1, 1, NULL};
	uint64_t below_passes = 0, own_fails = 0, total = 0;
	size_t i;

	sorts[1].results[0][1] = domain;
	for (i = 0; i < 2 * NETS * 5; i++) {
		(void)snprintf(ip, sizeof ip, "10.0.%zu.1", i / 5 % NETS);
		(void)snprintf(domain, sizeof domain, "d%zu.example", i / 5 % NETS);
		given.sort = &sorts[i % 2];
		sorts[0].from = sorts[1].from = names[i % 5];
		rows_put(mail, &given, false);
	}
	sorts[0].from = "example.com";
	given.sort = &sorts[0];
	rows_put(mail, &given, false);
	rows_put(mail, &day_of_mail[3], false);
	mail_close(mail);
	view = mail_view(mail);
	for (i = 0; i < view->flow_count; i++) {
		const struct mail_flow *flow = &view->flows[i];
		const struct mail_name *name = &view->names[flow->name];

		total += flow->messages;
		own_fails += flow->class == MAIL_SPOOFED && name->is_domain ? flow->messages : 0;
		below_passes += flow->class == MAIL_FULL && strcmp(rows_text(name->domain), names[0]) == 0
				    ? flow->messages
				    : 0;
	}
	ck_assert_uint_eq(own_fails, 1);
	ck_assert_uint_eq(below_passes, 5);
	ck_assert_uint_eq(total, 2 * NETS * 5 + 1 + 5);
	ck_assert_uint_le(view->flow_count, 2 * 8 * MOST + 10);
	rows_finish(mail);
}
END_TEST

START_TEST(nothing_is_no_mail)
{
	struct mail *mail = rows_start(10);
	const struct mail_view *view;

	mail_close(mail);
	view = mail_view(mail);
	ck_assert_uint_eq(
	    view->source_count + view->flow_count + view->cell_count + view->published_count, 0);
	ck_assert_int_eq(view->first_day, AS_OF);
	ck_assert(!view->has_authentic && !view->reported[0]);
	rows_finish(mail);
	mail_free(NULL);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("mail");
	Suite *suite = suite_create("mail");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, rows_become_flows);
	tcase_add_test(tcase, flow_takes_more_rows);
	tcase_add_test(tcase, order_makes_no_difference);
	tcase_add_test(tcase, decisions_hold);
	tcase_add_test(tcase, decided_address_leaves_its_organisation);
	tcase_add_test(tcase, decided_network_leaves_own_servers);
	tcase_add_test(tcase, only_address_is_named);
	tcase_add_test(tcase, shared_addresses_noticed);
	tcase_add_test(tcase, wave_bounded);
	tcase_add_test(tcase, names_outlast_a_wave);
	tcase_add_test(tcase, nothing_is_no_mail);
	return run_suite(suite);
}
