/* One domain's mail from its rows: sources, classes, days, decisions, and the bounds of memory. */
#include "analysis/mail.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AS_OF = 20000, RESULTS = 3 };

static struct senders *senders;

/* A record in short: "pf" of the receiver, and results as "d example.com s1 pass", "s example.com pass". */
struct sort {
	const char *from, *said;
	const char *results[RESULTS][4];
};
/* clang-format off */
static const struct sort own = {"example.com", "pp", {{"d", "example.com", "s1", "pass"}, {"s", "example.com", "", "pass"}}};
static const struct sort own_broken = {"example.com", "ff", {{"d", "example.com", "s1", "fail"}, {"s", "example.com", "", "fail"}}};
static const struct sort own_spf = {"example.com", "fp", {{"s", "example.com", "", "pass"}}};
static const struct sort forwarded = {"example.com", "pf", {{"d", "example.com", "s1", "pass"}, {"s", "example.com", "", "fail"}}};
static const struct sort esp_key = {"example.com", "pf", {{"d", "example.com", "k1", "pass"}}};
static const struct sort esp = {"example.com", "ff", {{"d", "sendgrid.net", "x", "pass"}, {"s", "em.sendgrid.net", "", "pass"}}};
static const struct sort other = {"example.com", "ff", {{"s", "a.example", "", "pass"}}};
static const struct sort forged = {"example.com", "ff", {{"s", "example.com", "", "fail"}}};
static const struct sort below = {"news.example.com", "pp", {{"d", "example.com", "s1", "pass"}, {"s", "example.com", "", "pass"}}};
/* clang-format on */

struct given {
	const struct sort *sort;
	const char *ip;
	int before; /* days before AS_OF */
	uint64_t messages;
	const char *org;
};

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

static void
put(struct mail *mail, const struct given *given, bool learn)
{
	struct detail details[RESULTS] = {{0}};
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
	mail_facts(&facts, senders, &profile, (struct modes){0});
	row.ip = address(ip, given->ip);
	row.day = AS_OF - given->before;
	row.reporter = mail_reporter(mail, str_of(given->org == NULL ? "google.com" : given->org));
	row.authentic = given->org == NULL;
	if (!learn)
		mail_add(mail, &row);
	else if (facts.outcome == OUTCOME_PASS)
		mail_learn(mail, &row);
}

static struct mail *
start(size_t most)
{
	const struct mail_span span = {AS_OF, 28, 90, 180, most};

	senders = senders_new();
	return mail_new(str_of("example.com"), senders, (struct modes){0}, &span);
}

static void
finish(struct mail *mail)
{
	mail_free(mail);
	senders_free(senders);
}

static const struct mail_view *
all(struct mail *mail, const struct given *rows, size_t count, bool backwards)
{
	size_t i;

	for (i = 0; i < count; i++)
		put(mail, &rows[backwards ? count - 1 - i : i], true);
	for (i = 0; i < count; i++)
		put(mail, &rows[backwards ? count - 1 - i : i], false);
	mail_close(mail);
	return mail_view(mail);
}
#define ALL(mail, rows) all(mail, rows, sizeof(rows) / sizeof *(rows), false)

static const char *
text_of(struct str text)
{
	static char copy[300];

	if (text.data == NULL)
		return "all others";
	(void)snprintf(copy, sizeof copy, "%.*s", (int)text.len, text.data);
	return copy;
}

static const struct mail_source *
source_of(const struct mail_view *view, const char *name)
{
	size_t i;

	for (i = 0; i < view->source_count; i++)
		if (strcmp(text_of(view->sources[i].name), name) == 0)
			return &view->sources[i];
	ck_abort_msg("there is no source %s", name);
}

/* Messages of a source and class. */
static uint64_t
messages(const struct mail_view *view, const char *name, enum mail_class class)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < view->flow_count; i++)
		if (view->flows[i].class == class &&
		    strcmp(text_of(view->sources[view->flows[i].source].name), name) == 0)
			sum += view->flows[i].messages;
	return sum;
}

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
	struct mail *mail = start(100);
	const struct mail_view *view = ALL(mail, day_of_mail);
	const struct mail_source *source;
	uint64_t recent = 0, total = 0, cells = 0;
	size_t i;

	ck_assert_uint_eq(messages(view, "example.com", MAIL_FULL), 115);
	ck_assert_uint_eq(messages(view, "192.0.2.0/24", MAIL_BROKEN), 3);
	ck_assert_uint_eq(messages(view, "Twilio SendGrid", MAIL_SERVICE), 40);
	ck_assert_uint_eq(messages(view, "203.0.113.0/24", MAIL_SPOOFED), 2000);
	ck_assert_uint_eq(messages(view, "198.51.100.0/24", MAIL_FORWARDED), 4);
	ck_assert_uint_eq(messages(view, "a.example", MAIL_UNKNOWN), 2);
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

	source = source_of(view, "example.com");
	ck_assert(source->passed && !source->is_address && source->service == NULL);
	ck_assert_int_eq(source->first, AS_OF - 120);
	ck_assert_int_eq(source->last, AS_OF);
	ck_assert_int_eq(source->passed_last, AS_OF);
	ck_assert_uint_eq(source->addresses, 2);
	ck_assert_ptr_null(source->address.data);
	source = source_of(view, "a.example");
	ck_assert(!source->passed);
	ck_assert_uint_eq(source->addresses, 1);
	ck_assert_str_eq(text_of(source->address), "203.0.113.9");
	source = source_of(view, "Twilio SendGrid");
	ck_assert_str_eq(text_of(source->service->name), "Twilio SendGrid");
	ck_assert(source_of(view, "203.0.113.0/24")->is_address);
	ck_assert_int_eq(view->first_day, AS_OF - 120);
	finish(mail);
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
		int len = snprintf(text[count], 100, "%.90s", text_of(view->sources[flow->source].name));

		(void)snprintf(text[count++] + len, 200, " %.60s %s %u %d %d %d %d",
		    text_of(view->names[flow->name].domain), mail_class_word(flow->class), flow->flags,
		    (int)flow->messages, (int)flow->recent, (int)flow->first, (int)flow->last);
	}
	for (i = 0; i < view->source_count; i++) {
		const struct mail_source *source = &view->sources[i];

		(void)snprintf(text[count++], 300, "%.90s %d %d %d %d %d", text_of(source->name),
		    source->passed, source->shared, (int)source->addresses, (int)source->first,
		    (int)source->last);
	}
	qsort(text, (size_t)count, 300, (int (*)(const void *, const void *))strcmp);
	return count;
}

START_TEST(order_makes_no_difference)
{
	static char forwards[64][300], backwards[64][300];
	struct mail *one = start(100), *two;
	int count, i;

	count = lines(forwards, ALL(one, day_of_mail));
	finish(one);
	two = start(100);
	ck_assert_int_eq(
	    lines(backwards, all(two, day_of_mail, sizeof day_of_mail / sizeof *day_of_mail, true)), count);
	finish(two);
	for (i = 0; i < count; i++)
		ck_assert_str_eq(forwards[i], backwards[i]);
}
END_TEST

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
	struct mail *mail = start(100);
	const struct mail_view *view = ALL(mail, rows);

	ck_assert_uint_eq(messages(view, "192.0.2.0/24", MAIL_BROKEN), 6);
	ck_assert_uint_eq(messages(view, "198.51.100.0/24", MAIL_FORWARDED), 1);
	ck_assert_uint_eq(messages(view, "198.51.100.0/24", MAIL_DKIM_ONLY), 1);
	ck_assert_uint_eq(messages(view, "198.51.100.0/24", MAIL_LIST), 8);
	ck_assert_uint_eq(messages(view, "198.51.100.0/24", MAIL_SPOOFED), 16);
	ck_assert_uint_eq(messages(view, "198.51.100.0/24", MAIL_BROKEN), 32);
	ck_assert_uint_eq(messages(view, "203.0.113.0/24", MAIL_SPOOFED), 64);
	finish(mail);
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
	struct mail *mail = start(100);
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
	ck_assert_uint_eq(messages(view, "203.0.113.0/28", MAIL_BROKEN), 1);
	ck_assert_uint_eq(messages(view, "203.0.113.2", MAIL_SPOOFED), 2);
	ck_assert_uint_eq(messages(view, "203.0.113.0/24", MAIL_LIST), 4);
	ck_assert_uint_eq(messages(view, "198.51.100.0/24", MAIL_SPOOFED), 8);
	/* the network says the same as the name, so the name is kept */
	ck_assert_uint_eq(messages(view, "a.example", MAIL_UNKNOWN), 48);
	ck_assert_uint_eq(messages(view, "Twilio SendGrid", MAIL_SPOOFED), 64);
	ck_assert_uint_eq(messages(view, "2001:db8::/32", MAIL_BROKEN), 128);
	ck_assert_int_eq(source_of(view, "203.0.113.0/28")->decision, DECISION_OURS);
	ck_assert_int_eq(source_of(view, "198.51.100.0/24")->decision, DECISION_NONE);
	ck_assert_int_eq(source_of(view, "a.example")->decision, DECISION_OURS);
	finish(mail);
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
	struct mail *mail = start(100);
	const struct mail_view *view;

	mail_decide(mail, "address", str_of("203.0.113.1"), DECISION_NOT_OURS);
	view = ALL(mail, rows);
	ck_assert_uint_eq(messages(view, "203.0.113.1", MAIL_SPOOFED), 1);
	ck_assert_uint_eq(messages(view, "a.example", MAIL_UNKNOWN), 2);
	finish(mail);
}
END_TEST

START_TEST(shared_addresses_noticed)
{
	static const struct given rows[] = {
	    {&own_spf, "192.0.2.1", 0, 1, NULL},
	    {&other, "192.0.2.1", 0, 1, NULL},
	    {&esp, "198.51.100.1", 0, 1, NULL},
	};
	struct mail *mail = start(100);
	const struct mail_view *view = ALL(mail, rows);

	ck_assert(source_of(view, "example.com")->shared);
	ck_assert(!source_of(view, "a.example")->shared);
	ck_assert(!source_of(view, "Twilio SendGrid")->shared);
	finish(mail);
}
END_TEST

/* A wave of spoofing from everywhere, under names without number, told by reporters without number. */
START_TEST(wave_bounded)
{
	enum { MOST = 50, WAVE = 100000 };
	struct mail *mail = start(MOST);
	const struct mail_view *view;
	char ip[INET_ADDRSTRLEN], from[64], org[64];
	struct sort sort = forged;
	struct given given = {&sort, ip, 0, 1, org};
	uint64_t total = 0;
	size_t i;

	put(mail, &day_of_mail[0], true);
	for (i = 0; i < WAVE; i++) {
		(void)snprintf(ip, sizeof ip, "%zu.%zu.%zu.1", 1 + i % 223, i / 223 % 256, i / 223 / 256);
		(void)snprintf(from, sizeof from, "n%zu.example.com", i);
		(void)snprintf(org, sizeof org, "r%zu.example", i);
		sort.from = from;
		put(mail, &given, false);
	}
	put(mail, &day_of_mail[0], false);
	put(mail, &day_of_mail[3], false);
	put(mail, &day_of_mail[4], false);
	put(mail, &day_of_mail[5], false);
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
	ck_assert_uint_eq(messages(view, "example.com", MAIL_FULL), 105);
	ck_assert_uint_eq(messages(view, "Twilio SendGrid", MAIL_SERVICE), 20);
	ck_assert_uint_eq(messages(view, "all others", MAIL_SPOOFED), WAVE - MOST);
	ck_assert_uint_ge(source_of(view, "all others")->addresses, 1600);
	ck_assert(source_of(view, "all others")->more_addresses);
	ck_assert(!source_of(view, "example.com")->more_addresses);
	finish(mail);
}
END_TEST

START_TEST(nothing_is_no_mail)
{
	struct mail *mail = start(10);
	const struct mail_view *view;

	mail_close(mail);
	view = mail_view(mail);
	ck_assert_uint_eq(
	    view->source_count + view->flow_count + view->cell_count + view->published_count, 0);
	ck_assert_int_eq(view->first_day, AS_OF);
	ck_assert(!view->has_authentic && !view->reported[0]);
	finish(mail);
	mail_free(NULL);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("mail");
	Suite *suite = suite_create("mail");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, rows_become_flows);
	tcase_add_test(tcase, order_makes_no_difference);
	tcase_add_test(tcase, history_tells_senders_from_forwarders);
	tcase_add_test(tcase, decisions_hold);
	tcase_add_test(tcase, decided_address_leaves_its_organisation);
	tcase_add_test(tcase, shared_addresses_noticed);
	tcase_add_test(tcase, wave_bounded);
	tcase_add_test(tcase, nothing_is_no_mail);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
