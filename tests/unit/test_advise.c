/* How advice is written: paragraphs at 80 and 200 columns, the list of many domains, JSON that parses. The
 * advice itself is made by hand here; what it should say is for test_advice. */
#include "cli/advise.h"
#include "unit/drain.h"

#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal)                                                                                        \
	{                                                                                                    \
		literal, sizeof literal - 1                                                                  \
	}

static const struct mail_source sources[] = {{.name = TEXT("Twilio SendGrid")}, {.name = {NULL, 0}}};
static const struct mail_name names[] = {
    {.domain = TEXT("example.com"), .is_domain = true}, {.domain = TEXT("shop.example.com")}};
static const struct mail_view mail = {
    .domain = TEXT("example.com"),
    .span = {.as_of = 20376},
    .sources = sources,
    .source_count = 2,
    .names = names,
    .name_count = 2,
};

static struct advice_refusal refusals[] = {
    {
	.code = ADVICE_SOURCE,
	.has_source = true,
	.subject = TEXT("Twilio SendGrid"),
	.messages = 4120,
	.per_week = 1030,
	.share = 0.0856,
	.text = TEXT("4,120 messages, all failing: SPF and DKIM pass for sendgrid.net, "
		     "neither is aligned with example.com."),
	.evidence = TEXT("dmarcq why 'Twilio SendGrid' --domain example.com"),
	.fix = TEXT("Settings > Sender Authentication: three CNAME records."),
	.earliest = 20404,
    },
    {
	.code = ADVICE_BOUND,
	.text =
	    TEXT("9.2 % of legitimate mail fails, with 95 % confidence at most 12.3 %; the limit is 2 %."),
    },
    {
	.code = ADVICE_LISTS,
	.warns = true,
	.messages = 7,
	.text = TEXT("7 messages were lost at mailing lists."),
    },
};
static struct advice_name below[] = {
    {.name = 1,
	.verdict = VERDICT_NOT_YET,
	.messages = 1,
	.failing = 1,
	.text = TEXT("nothing of it passes")},
};
static struct str notes[] = {
    TEXT("np=reject is safe now."), TEXT("A note with \033[31mcolour\033[0m in it.")};

static struct advice
made(void)
{
	struct advice advice = {
	    .domain = TEXT("example.com"),
	    .verdict = VERDICT_NOT_YET,
	    .from = POLICY_NONE,
	    .to = POLICY_QUARANTINE,
	    .record = TEXT("v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"),
	    .seen = TEXT("v=DMARC1; p=none"),
	    .mail = &mail,
	    .first = 20349,
	    .last = 20376,
	    .reporters = 9,
	    .legitimate = 48120,
	    .failing = 4430,
	    .review = 1,
	    .spoofed = 60000,
	    .bound = {0.092, 330.4, 0.1234, 0},
	    .optimistic = {0.091, 330.4, 0.1234, 0},
	    .repaired = {0.0006, 300, 0.0101, 0},
	    .days = 28,
	    .share = 0.092,
	    .unseen = 0.0004,
	    .covers = 30,
	    .gate_count = 4,
	    .refusals = refusals,
	    .refusal_count = 3,
	    .names = below,
	    .name_count = 1,
	    .notes = notes,
	    .note_count = 2,
	    .earliest = 20404,
	};

	advice.gates[0] =
	    (struct advice_gate){ADVICE_HISTORY, 45, 28, false, true, true, false, TEXT("days at p=none")};
	advice.gates[1] = (struct advice_gate){
	    ADVICE_VOLUME, 148.9, 149, false, true, false, false, TEXT("messages, bursts allowed for")};
	advice.gates[2] = (struct advice_gate){ADVICE_BOUND, 0.02004, 0.02, true, false, false, false,
	    TEXT("of legitimate mail that may fail, with 95 % confidence")};
	advice.gates[3] = (struct advice_gate){
	    ADVICE_LISTS, 0.0101, 0.005, true, false, false, true, TEXT("lost at lists")};
	return advice;
}

static const struct advice_change changes[] = {{TEXT("Twilio SendGrid"), CHANGE_FIXED, false}};
static const struct advice_impact impact[] = {
    {.source = 0, .class = MAIL_SERVICE, .messages = 4120, .domain = 4119, .below = 1, .legitimate = true},
    {.source = 1, .class = MAIL_SPOOFED, .messages = 60000, .domain = 60000, .strict = 3},
};

static struct output *
opened(FILE **to, char **text, size_t *len, const char *format, size_t width, bool colour)
{
	struct output_options options = {.width = width, .colour = colour};
	struct output *out;
	struct err err;

	*to = options.to = open_memstream(text, len);
	ck_assert_ptr_nonnull(*to);
	ck_assert_int_eq(output_open(&out, format, &options, &err), OK);
	return out;
}

static char *
prose(const struct advised *advised, size_t width, bool colour)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to;
	struct output *out = opened(&to, &text, &len, "table", width, colour);

	advise_prose(out, advised);
	output_flush(out);
	output_close(out);
	ck_assert_int_eq(fclose(to), 0);
	return text;
}

static const char at_80[] =
    "NOT YET  example.com (p=none -> p=quarantine)\n"
    "  2025-09-18 to 2025-10-15 (28 days), 9 reporters, 48,120 legitimate messages\n"
    "    and 1 to be reviewed (60,000 forged, which count for nothing)\n"
    "  legitimate mail that fails or is to be reviewed: 9.2 %; with 95 % confidence\n"
    "    at most 12.3 % (28 days; bursts allowed for, as good as 330 messages)\n"
    "  without what is to be mended below: 0.06 %; at most 1.0 %\n"
    "  senders that mail at least every 30 days are covered; 0.04 % of mail comes\n"
    "    from senders that were seen once\n"
    "\n"
    "In the way\n"
    "  SOURCE              Twilio SendGrid (1,030 a week, 8.6 % of the mail): 4,120\n"
    "                      messages, all failing: SPF and DKIM pass for sendgrid.net,\n"
    "                      neither is aligned with example.com.\n"
    "                      Fix: Settings > Sender Authentication: three CNAME\n"
    "                          records.\n"
    "                      See: dmarcq why 'Twilio SendGrid' --domain example.com\n"
    "                      Earliest: 2025-11-12\n"
    "  BOUND               9.2 % of legitimate mail fails, with 95 % confidence at\n"
    "                      most 12.3 %; the limit is 2 %.\n"
    "\n"
    "To know\n"
    "  LISTS               7 messages were lost at mailing lists.\n"
    "\n"
    "Gates\n"
    "  ok   HISTORY                  45  >= 28      days at p=none\n"
    "  no   VOLUME                  148  >= 149     messages, bursts allowed for\n"
    "  no   BOUND               2.004 %  <= 2.0 %   of legitimate mail that may fail,\n"
    "                                               with 95 % confidence\n"
    "  told LISTS                 1.0 %  <= 0.5 %   lost at lists\n"
    "\n"
    "Names below the domain\n"
    "  NOT YET shop.example.com 1 legitimate message, 100.0 % failing - nothing of it\n"
    "    passes\n"
    "\n"
    "The record that reports tell of\n"
    "  v=DMARC1; p=none\n"
    "\n"
    "What can be published today, at _dmarc.example.com\n"
    "  v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com\n"
    "  with your own rua= and ruf= as they are: reports don't tell them\n"
    "\n"
    "Notes\n"
    "  - np=reject is safe now.\n"
    "  - A note with \\x1b[31mcolour\\x1b[0m in it.\n"
    "\n"
    "Earliest date: 2025-11-12, if everything above is done on 2025-10-15\n";

static const char at_lines[] = "Verdict    Domain         Step                    Legitimate  Failing\n"
			       "STEP BACK  back.example   p=none -> p=quarantine           1     0.0%\n"
			       "    In the way: SOURCE Twilio SendGrid, and 1 more\n"
			       "READY      ready.example  p=none -> p=quarantine           3     0.0%\n"
			       "    In the way: SOURCE Twilio SendGrid, and 1 more\n"
			       "NOT YET    large.example  p=none -> p=quarantine      70,000     0.0%\n"
			       "    Earliest: 2025-11-12  In the way: SOURCE Twilio SendGrid, and 1 more\n"
			       "NOT YET    small.example  p=none -> p=quarantine           5     0.0%\n"
			       "    Earliest: 2025-11-12  In the way: SOURCE Twilio SendGrid, and 1 more\n"
			       "1 STEP BACK, 1 READY, 2 NOT YET, 1 KEEP; 1 more domain: -n 0 shows all\n";

START_TEST(paragraphs)
{
	struct advice advice = made();
	struct advised advised = {.advice = &advice, .confidence = 0.95, .most = 20};
	char *text = prose(&advised, 80, false);

	if (strcmp(text, at_80) != 0) /* too long for a message of Check */
		(void)fputs(text, stderr);
	ck_assert_msg(strcmp(text, at_80) == 0, "not the text that stands here; it is above");
	free(text);
}
END_TEST

static size_t
longest_line(const char *text)
{
	size_t longest = 0, len;

	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		longest = len > longest ? len : longest;
	}
	return longest;
}

/* Nothing passes the width but what can't be broken; where there is room, lines are used. */
START_TEST(widths)
{
	struct advice advice = made();
	struct advised advised = {.advice = &advice, .confidence = 0.95, .most = 20};
	char *narrow = prose(&advised, 50, false), *wide = prose(&advised, 200, false);
	size_t width;

	ck_assert_uint_le(longest_line(narrow), 64); /* the record and the command */
	ck_assert_ptr_nonnull(
	    strstr(wide, "  SOURCE              Twilio SendGrid (1,030 a week, 8.6 % of the mail): 4,120 "
			 "messages, all failing: SPF "
			 "and DKIM pass for sendgrid.net, neither is aligned with example.com.\n"));
	ck_assert_uint_le(longest_line(wide), 200);
	ck_assert_ptr_null(strchr(narrow, '\033'));
	free(narrow);
	free(wide);
	for (width = 60; width < 140; width++) { /* a number keeps its percent sign */
		narrow = prose(&advised, width, false);
		ck_assert_ptr_null(strstr(narrow, "\n                      %"));
		free(narrow);
	}
}
END_TEST

START_TEST(colours)
{
	struct advice advice = made();
	struct advised advised = {.advice = &advice, .confidence = 0.95, .most = 20};
	char *text = prose(&advised, 80, true);

	ck_assert_ptr_eq(strstr(text, "\033[1mNOT YET\033[0m"), text);
	ck_assert_ptr_nonnull(strstr(text, "\033[31mno\033[0m   VOLUME"));
	ck_assert_ptr_nonnull(strstr(text, "\033[32mok\033[0m   HISTORY"));
	ck_assert_ptr_nonnull(strstr(text, "A note with \\x1b[31mcolour\\x1b[0m in it."));
	free(text);
}
END_TEST

/* What is supposed, what is proposed, and how lists are cut. */
START_TEST(what_if)
{
	struct advice advice = made();
	struct advised advised = {.advice = &advice,
	    .confidence = 0.95,
	    .changes = changes,
	    .change_count = 1,
	    .has_repairs = true,
	    .enough = true,
	    .repairs = changes,
	    .repair_count = 1,
	    .most = 1};
	struct advice_name two[2] = {advice.names[0], advice.names[0]};
	struct advice_change both[2] = {changes[0], {TEXT("Zendesk"), CHANGE_FIXED, false}};
	char *text, *name;

	advice.names = two;
	advice.name_count = 2;
	text = prose(&advised, 80, false);
	name = strstr(text, "NOT YET shop.example.com");
	ck_assert_ptr_nonnull(name);
	ck_assert_ptr_null(strstr(name + 1, "NOT YET shop.example.com"));

	ck_assert_ptr_nonnull(strstr(text, "\nSupposed\n  Twilio SendGrid = fixed\n"));
	ck_assert_ptr_nonnull(strstr(text, "\nThe fewest repairs\n  Twilio SendGrid = fixed\n"
					   "  then nothing but time stands in the way\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n  1 more: -n 0 shows all\n"));
	free(text);
	advised.repairs = both;
	advised.repair_count = 2;
	text = prose(&advised, 80, false);
	ck_assert_ptr_nonnull(strstr(text, "\nThe fewest repairs\n  Twilio SendGrid = fixed\n"
					   "  1 more: -n 0 shows all\n"));
	free(text);
	advised.enough = false;
	advised.repair_count = 0;
	text = prose(&advised, 80, false);
	ck_assert_ptr_nonnull(
	    strstr(text, "\nThe fewest repairs\n  no sender has to be repaired\n"
			 "  that is not enough: something else than senders and time stands in the way\n"));
	free(text);
}
END_TEST

/* A share of a name below is none of the domain's mail; one day is no number of days. */
START_TEST(small_words)
{
	struct advice advice = made();
	struct advised advised = {.advice = &advice, .confidence = 0.95, .most = 20};
	struct advice_refusal refusal = refusals[0];
	char *text;

	advice.covers = 1;
	advice.unseen = 0;
	advice.refusals = &refusal;
	advice.refusal_count = 1;
	refusal.name = 1;
	text = prose(&advised, 200, false);
	ck_assert_ptr_nonnull(strstr(text, "Twilio SendGrid (1,030 a week, 8.6 % of the mail there): 4,120"));
	ck_assert_ptr_nonnull(strstr(text, "\n  senders that mail every day are covered\n"));
	free(text);
}
END_TEST

START_TEST(no_data)
{
	struct advice advice = {
	    .domain = TEXT("example.net"), .verdict = VERDICT_NO_DATA, .from = POLICY_UNTOLD, .mail = &mail};
	struct advised advised = {.advice = &advice, .confidence = 0.95};
	char *text = prose(&advised, 80, false);

	ck_assert_str_eq(text, "NO DATA  example.net (no policy seen)\n");
	free(text);
}
END_TEST

static json_t *
tree_of(const struct advised *advised)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to;
	struct output *out = opened(&to, &text, &len, "json", 0, false);
	struct tree tree;
	struct err err;
	json_t *json;

	tree_begin(&tree, out);
	tree_object(&tree, NULL);
	tree_count(&tree, "format", 1);
	tree_array(&tree, "domains");
	advise_tree(&tree, advised);
	advise_tree(&tree, advised);
	tree_array_end(&tree);
	tree_object_end(&tree);
	ck_assert_int_eq(tree_end(&tree, &err), OK);
	output_close(out);
	ck_assert_int_eq(fclose(to), 0);
	json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(json);
	free(text);
	return json;
}

static const char *
text_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

START_TEST(json)
{
	struct advice advice = made();
	struct advised advised = {.advice = &advice,
	    .confidence = 0.95,
	    .changes = changes,
	    .change_count = 1,
	    .has_impact = true,
	    .impact = impact,
	    .impact_count = 2};
	json_t *root, *domain, *part;

	advice.gates[0].value = nan("");
	root = tree_of(&advised);
	ck_assert_int_eq(json_integer_value(json_object_get(root, "format")), 1);
	ck_assert_uint_eq(json_array_size(json_object_get(root, "domains")), 2);
	domain = json_array_get(json_object_get(root, "domains"), 1);
	ck_assert_str_eq(text_at(domain, "domain"), "example.com");
	ck_assert_str_eq(text_at(domain, "verdict"), "NOT YET");
	ck_assert_str_eq(text_at(domain, "from"), "none");
	ck_assert_str_eq(text_at(domain, "to"), "quarantine");
	ck_assert_str_eq(text_at(domain, "as_of"), "2025-10-15");
	ck_assert_int_eq(
	    json_integer_value(json_object_get(json_object_get(domain, "window"), "legitimate")), 48120);
	part = json_array_get(json_object_get(domain, "gates"), 1);
	ck_assert_str_eq(text_at(part, "code"), "VOLUME");
	ck_assert(json_is_false(json_object_get(part, "ok")));
	ck_assert(
	    json_is_null(json_object_get(json_array_get(json_object_get(domain, "gates"), 0), "value")));
	part = json_array_get(json_object_get(domain, "refusals"), 0);
	ck_assert_str_eq(text_at(part, "source"), "Twilio SendGrid");
	ck_assert_double_eq(json_number_value(json_object_get(part, "messages_per_week")), 1030);
	ck_assert_str_eq(text_at(part, "fix"), "Settings > Sender Authentication: three CNAME records.");
	ck_assert(
	    json_is_null(json_object_get(json_array_get(json_object_get(domain, "refusals"), 1), "source")));
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(domain, "notes"), 1)),
	    "A note with \033[31mcolour\033[0m in it.");
	ck_assert_str_eq(text_at(json_array_get(json_object_get(domain, "what_if"), 0), "to"), "fixed");
	ck_assert_ptr_null(json_object_get(domain, "repairs"));
	part = json_array_get(json_object_get(domain, "impact"), 1);
	ck_assert(json_is_null(json_object_get(part, "source")));
	ck_assert_int_eq(json_integer_value(json_object_get(part, "hit_by_p")), 60000);
	json_decref(root);
}
END_TEST

START_TEST(impact_table)
{
	struct advice advice = made();
	struct advised advised = {.advice = &advice, .has_impact = true, .impact = impact, .impact_count = 2};
	char *text = NULL;
	size_t len = 0;
	FILE *to;
	struct output *out = opened(&to, &text, &len, "table", 80, false);
	struct err err;

	ck_assert_int_eq(advise_impact_write(out, &advised, &err), OK);
	output_close(out);
	ck_assert_int_eq(fclose(to), 0);
	ck_assert_str_eq(text,
	    "What quarantine or reject would have done\n"
	    "Source           Class    Legitimate  Messages  Hit by p  by sp  if strict\n"
	    "Twilio SendGrid  service  yes            4,120     4,119      1          0\n"
	    "(all others)     spoofed                60,000    60,000      0          3\n");
	free(text);
}
END_TEST

/* What has to be looked at first comes first; within that, the most mail. */
START_TEST(lines)
{
	static const struct {
		const char *domain;
		enum advice_verdict verdict;
		uint64_t legitimate;
	} domains[] = {{"keep.example", VERDICT_KEEP, 9000}, {"small.example", VERDICT_NOT_YET, 5},
	    {"large.example", VERDICT_NOT_YET, 70000}, {"back.example", VERDICT_STEP_BACK, 1},
	    {"ready.example", VERDICT_READY, 3}};
	struct advise_lines *list = advise_lines_new();
	struct advice advice;
	char *text = NULL;
	size_t len = 0, i;
	FILE *to;
	struct output *out = opened(&to, &text, &len, "table", 80, false);
	struct err err;

	for (i = 0; i < sizeof domains / sizeof *domains; i++) {
		advice = made();
		advice.domain = str_of(domains[i].domain);
		advice.verdict = domains[i].verdict;
		advice.legitimate = domains[i].legitimate;
		advice.failing = 0;
		advise_lines_add(list, &advice);
	}
	ck_assert_int_eq(advise_lines_write(list, out, 4, &err), OK);
	output_close(out);
	advise_lines_free(list);
	ck_assert_int_eq(fclose(to), 0);
	ck_assert_str_eq(text, at_lines);
	free(text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("advise");
	TCase *tests = tcase_create("advise");

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	tcase_add_test(tests, paragraphs);
	tcase_add_test(tests, widths);
	tcase_add_test(tests, colours);
	tcase_add_test(tests, what_if);
	tcase_add_test(tests, small_words);
	tcase_add_test(tests, no_data);
	tcase_add_test(tests, json);
	tcase_add_test(tests, impact_table);
	tcase_add_test(tests, lines);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
