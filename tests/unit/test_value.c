/* Values of reports as reporters write them, and what they mean. */
#include "report/value.h"
#include "unit/drain.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (int)(sizeof table / sizeof table[0])

static const struct {
	const char *text, *out;
	enum word_list list;
	enum fit fit;
} words[] = {
    {"none", "none", WORDS_DISPOSITION, FIT_GOOD},
    {"Pass", "pass", WORDS_DISPOSITION, FIT_GOOD},
    {"QUARANTINE", "quarantine", WORDS_DISPOSITION, FIT_GOOD},
    {"reject", "reject", WORDS_DISPOSITION, FIT_GOOD},
    {"fail", "fail", WORDS_DISPOSITION, FIT_NONE},
    {"Delivered", "Delivered", WORDS_DISPOSITION, FIT_NONE},
    {"pass", "pass", WORDS_VERDICT, FIT_GOOD},
    {"fail", "fail", WORDS_VERDICT, FIT_GOOD},
    {"none", "none", WORDS_VERDICT, FIT_NONE},
    {"forwarded", "forwarded", WORDS_REASON, FIT_GOOD},
    {"sampled_out", "sampled_out", WORDS_REASON, FIT_GOOD},
    {"trusted_forwarder", "trusted_forwarder", WORDS_REASON, FIT_GOOD},
    {"mailing_list", "mailing_list", WORDS_REASON, FIT_GOOD},
    {"local_policy", "local_policy", WORDS_REASON, FIT_GOOD},
    {"policy_test_mode", "policy_test_mode", WORDS_REASON, FIT_GOOD},
    {"other", "other", WORDS_REASON, FIT_GOOD},
    {"arc", "arc", WORDS_REASON, FIT_NONE},
    {"temperror", "temperror", WORDS_DKIM, FIT_GOOD},
    {"permerror", "permerror", WORDS_DKIM, FIT_GOOD},
    {"policy", "policy", WORDS_DKIM, FIT_GOOD},
    {"neutral", "neutral", WORDS_DKIM, FIT_GOOD},
    {"softfail", "softfail", WORDS_DKIM, FIT_NONE},
    {"SoftFail", "softfail", WORDS_SPF, FIT_GOOD},
    {"hardfail", "hardfail", WORDS_SPF, FIT_NONE},
    {"mfrom", "mfrom", WORDS_SCOPE, FIT_GOOD},
    {"helo", "helo", WORDS_SCOPE, FIT_GOOD},
    {"pra", "pra", WORDS_SCOPE, FIT_NONE},
    {"none", "none", WORDS_POLICY, FIT_GOOD},
    {"pass", "pass", WORDS_POLICY, FIT_NONE},
    {"R", "r", WORDS_ALIGNMENT, FIT_GOOD},
    {"s", "s", WORDS_ALIGNMENT, FIT_GOOD},
    {"strict", "strict", WORDS_ALIGNMENT, FIT_NONE},
    {"y", "y", WORDS_TESTING, FIT_GOOD},
    {"n", "n", WORDS_TESTING, FIT_GOOD},
    {"psl", "psl", WORDS_DISCOVERY, FIT_GOOD},
    {"treewalk", "treewalk", WORDS_DISCOVERY, FIT_GOOD},
    {"", "", WORDS_DISCOVERY, FIT_NONE},
};

START_TEST(word)
{
	struct str out;

	ck_assert_int_eq(value_word(&out, str_of(words[_i].text), words[_i].list), words[_i].fit);
	ck_assert(str_eq(out, words[_i].out));
}
END_TEST

static const struct {
	const char *text;
	enum fit fit;
	uint64_t value;
} counts[] = {
    {"0", FIT_GOOD, 0},
    {"7", FIT_GOOD, 7},
    {"0012", FIT_GOOD, 12},
    {"4294967296", FIT_GOOD, 4294967296},
    {"9007199254740992", FIT_GOOD, 9007199254740992},
    {"9007199254740993", FIT_NONE, 0},
    {"18446744073709551617", FIT_NONE, 0},
    {"+3", FIT_CONVERTED, 3},
    {"3.0", FIT_CONVERTED, 3},
    {"3.9", FIT_CONVERTED, 3},
    {"3.", FIT_CONVERTED, 3},
    {"-0", FIT_CONVERTED, 0},
    {"-1", FIT_NEGATIVE, 0},
    {"-1.5", FIT_NEGATIVE, 0},
    {"-9223372036854775807", FIT_NEGATIVE, 0},
    {"", FIT_NONE, 0},
    {NULL, FIT_NONE, 0},
    {".5", FIT_NONE, 0},
    {"1e3", FIT_NONE, 0},
    {"1,000", FIT_NONE, 0},
    {"1.0.0", FIT_NONE, 0},
    {"1 000", FIT_NONE, 0},
    {" 1", FIT_NONE, 0},
    {"1O", FIT_NONE, 0},
    {"0x10", FIT_NONE, 0},
    {"-", FIT_NONE, 0},
    {"NaN", FIT_NONE, 0},
};

START_TEST(count)
{
	uint64_t value = 77;

	ck_assert_int_eq(value_count(&value, str_of(counts[_i].text)), counts[_i].fit);
	ck_assert_uint_eq(value, counts[_i].value);
}
END_TEST

static const struct {
	const char *text;
	enum fit fit;
	int64_t value;
} times[] = {
    {"0", FIT_GOOD, 0},
    {"1767225600", FIT_GOOD, 1767225600},
    {"-86400", FIT_GOOD, -86400},
    {"99999999999", FIT_GOOD, 99999999999},
    {"1767225600.0", FIT_CONVERTED, 1767225600},
    {"1767225600.999", FIT_CONVERTED, 1767225600},
    {"1767225600123", FIT_CONVERTED, 1767225600},
    {"1767225600123.5", FIT_CONVERTED, 1767225600},
    {"1767225600123456", FIT_CONVERTED, 1767225600},
    {"2026-01-01", FIT_CONVERTED, 1767225600},
    {"2026-01-01T00:00:00Z", FIT_CONVERTED, 1767225600},
    {"2026-01-01 01:00:00 +01:00", FIT_CONVERTED, 1767225600},
    {"", FIT_NONE, 0},
    {"soon", FIT_NONE, 0},
    {"1767225600 ", FIT_NONE, 0},
    {"999999999999999999", FIT_NONE, 0},
    {"-999999999999", FIT_NONE, 0},
    {"99999999999999999999999", FIT_NONE, 0},
    {"1.7e9", FIT_NONE, 0},
};

START_TEST(when)
{
	int64_t value = 77;

	ck_assert_int_eq(value_time(&value, str_of(times[_i].text)), times[_i].fit);
	if (times[_i].fit != FIT_NONE)
		ck_assert_int_eq(value, times[_i].value);
}
END_TEST

static const struct {
	const char *text, *out, *hex; /* hex NULL: no address */
} addresses[] = {
    {"192.0.2.1", "192.0.2.1", "00000000000000000000ffffc0000201"},
    {"0.0.0.0", "0.0.0.0", "00000000000000000000ffff00000000"},
    {"255.255.255.255", "255.255.255.255", "00000000000000000000ffffffffffff"},
    {"2001:db8::1", "2001:db8::1", "20010db8000000000000000000000001"},
    {"2001:DB8:0:0:0:0:0:1", "2001:db8::1", "20010db8000000000000000000000001"},
    {"2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1", "20010db8000000000001000000000001"},
    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", "20010db8000000010001000100010001"},
    {"::ffff:192.0.2.1", "192.0.2.1", "00000000000000000000ffffc0000201"},
    {"::FFFF:C000:0201", "192.0.2.1", "00000000000000000000ffffc0000201"},
    {"0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1", "00000000000000000000ffffc0000201"},
    {"::", "::", "00000000000000000000000000000000"},
    {"::1", "::1", "00000000000000000000000000000001"},
    {"", "", NULL},
    {"192.0.2.256", "192.0.2.256", NULL},
    {"192.0.2", "192.0.2", NULL},
    {"192.0.2.1.5", "192.0.2.1.5", NULL},
    {"192.0.2.01", "192.0.2.01", NULL},
    {"192.0.2.1 ", "192.0.2.1 ", NULL},
    {"192.0.2.1/32", "192.0.2.1/32", NULL},
    {"[2001:db8::1]", "[2001:db8::1]", NULL},
    {"2001:db8::1%eth0", "2001:db8::1%eth0", NULL},
    {"2001:db8::1::2", "2001:db8::1::2", NULL},
    {"2001:db8:g::", "2001:db8:g::", NULL},
    {"3221225985", "3221225985", NULL},
    {"mail.example.com", "mail.example.com", NULL},
    {"2001:0db8:0000:0000:0001:0000:0000:0001:0000:0000:0000:0000:0000",
	"2001:0db8:0000:0000:0001:0000:0000:0001:0000:0000:0000:0000:0000", NULL},
};

START_TEST(ip)
{
	static const unsigned char zero[16];
	unsigned char address[16];
	struct arena arena;
	char hex[33] = "";
	struct str out;
	enum fit fit;
	int i;

	arena_init(&arena);
	fit = value_ip(address, &out, str_of(addresses[_i].text), &arena);
	ck_assert_int_eq(fit, addresses[_i].hex == NULL ? FIT_NONE : FIT_GOOD);
	ck_assert_msg(str_eq(out, addresses[_i].out), "%.*s", (int)out.len, out.data);
	for (i = 0; i < 16; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", address[i]);
	if (addresses[_i].hex == NULL)
		ck_assert_mem_eq(address, zero, 16);
	else
		ck_assert_str_eq(hex, addresses[_i].hex);
	arena_free(&arena);
}
END_TEST

#define LABEL63 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"

static const struct {
	const char *text, *out;
	enum fit fit;
} domains[] = {
    {"example.com", "example.com", FIT_GOOD},
    {"Example.COM.", "example.com", FIT_GOOD},
    {"com", "com", FIT_GOOD},
    {"_dmarc.example.com", "_dmarc.example.com", FIT_GOOD},
    {"s1-_x.example.com", "s1-_x.example.com", FIT_GOOD},
    {"xn--bcher-kva.example", "xn--bcher-kva.example", FIT_GOOD},
    {"b\xc3\xbc"
     "cher.example",
	"xn--bcher-kva.example", FIT_GOOD},
    {"B\xc3\x9c"
     "CHER.example.",
	"xn--bcher-kva.example", FIT_GOOD},
    {"bu\xcc\x88"
     "cher.example",
	"xn--bcher-kva.example", FIT_GOOD},
    {"fa\xc3\x9f.example", "xn--fa-hia.example", FIT_GOOD},
    {"\xe4\xbe\x8b\xe3\x81\x88.example", "xn--r8jz45g.example", FIT_GOOD},
    {LABEL63 ".example", LABEL63 ".example", FIT_GOOD},
    {LABEL63 "x.example", LABEL63 "x.example", FIT_NONE},
    {LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, FIT_NONE},
    {"", "", FIT_NONE},
    {".", ".", FIT_NONE},
    {"..", ".", FIT_NONE},
    {".example.com", ".example.com", FIT_NONE},
    {"example..com", "example..com", FIT_NONE},
    {"Exa mple.com", "exa mple.com", FIT_NONE},
    {"user@example.com", "user@example.com", FIT_NONE},
    {"<example.com>", "<example.com>", FIT_NONE},
    {"*.example.com", "*.example.com", FIT_NONE},
    {"\xff.example", "\xff.example", FIT_NONE},
    {"\xe2\x80\x8b.example", "\xe2\x80\x8b.example", FIT_NONE},
    {"x\xcc\x80\xe2\x82\xac\xe2\x80\xae.example", "x\xcc\x80\xe2\x82\xac\xe2\x80\xae.example", FIT_NONE},
};

START_TEST(domain)
{
	struct arena arena;
	struct str out;

	arena_init(&arena);
	ck_assert_int_eq(value_domain(&out, str_of(domains[_i].text), &arena), domains[_i].fit);
	ck_assert_msg(str_eq(out, domains[_i].out), "%.*s", (int)out.len, out.data);
	arena_free(&arena);
}
END_TEST

/* A text that is far too long for a name is looked at no further. */
START_TEST(long_domain)
{
	char text[3000];
	struct arena arena;
	struct str out, in = {text, sizeof text};

	(void)memset(text, 'A', sizeof text);
	(void)memcpy(text, "\xc3\xbc", 2);
	arena_init(&arena);
	ck_assert_int_eq(value_domain(&out, in, &arena), FIT_NONE);
	ck_assert_uint_eq(out.len, sizeof text);
	ck_assert_int_eq(out.data[2999], 'a');
	arena_free(&arena);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("value");
	TCase *tests = tcase_create("value");

	tcase_add_loop_test(tests, word, 0, COUNT(words));
	tcase_add_loop_test(tests, count, 0, COUNT(counts));
	tcase_add_loop_test(tests, when, 0, COUNT(times));
	tcase_add_loop_test(tests, ip, 0, COUNT(addresses));
	tcase_add_loop_test(tests, domain, 0, COUNT(domains));
	tcase_add_test(tests, long_domain);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
