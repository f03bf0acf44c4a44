/* value: words, counts, times and ids. Addresses are in ip.c, domains in domain.c. */
#include "report/value.h"

#include <stddef.h>

/* Larger counts are not exact in JSON and spreadsheets, and a few of them would overflow a sum. */
static const uint64_t count_most = 9007199254740992ULL;

static const char *const word_table[][9] = {
    [WORDS_DISPOSITION] = {"none", "pass", "quarantine", "reject", NULL},
    [WORDS_VERDICT] = {"pass", "fail", NULL},
    [WORDS_REASON] = {"local_policy", "mailing_list", "forwarded", "trusted_forwarder", "sampled_out",
	"policy_test_mode", "other", NULL},
    [WORDS_DKIM] = {"pass", "fail", "none", "neutral", "temperror", "permerror", "policy", NULL},
    [WORDS_SPF] = {"pass", "fail", "softfail", "none", "neutral", "temperror", "permerror", "policy", NULL},
    [WORDS_SCOPE] = {"mfrom", "helo", NULL},
    [WORDS_POLICY] = {"none", "quarantine", "reject", NULL},
    [WORDS_ALIGNMENT] = {"r", "s", NULL},
    [WORDS_TESTING] = {"n", "y", NULL},
    [WORDS_DISCOVERY] = {"psl", "treewalk", NULL},
};

enum fit
value_word(struct str *out, struct str text, enum word_list list)
{
	const char *const *word;

	for (word = word_table[list]; *word != NULL; word++)
		if (text_same_nocase(text.data, text.len, *word)) {
			*out = str_of(*word);
			return FIT_GOOD;
		}
	*out = text;
	return FIT_NONE;
}

/* The length of a number without a fraction of digits, "3.0" -> 1; the whole length when it has none. */
static size_t
whole_part(struct str text)
{
	size_t dot, i;

	for (dot = 0; dot < text.len && text.data[dot] != '.'; dot++)
		continue;
	for (i = dot + 1; i < text.len; i++)
		if (!text_is_digit(text.data[i]))
			return text.len;
	return dot;
}

enum fit
value_count(uint64_t *out, struct str text)
{
	size_t whole = whole_part(text);
	int64_t value;

	*out = 0;
	if (!text_i64(&value, text.data, whole, INT64_MIN + 1, INT64_MAX))
		return FIT_NONE;
	if (value < 0)
		return FIT_NEGATIVE;
	if ((uint64_t)value > count_most)
		return FIT_NONE;
	*out = (uint64_t)value;
	return whole == text.len && text_is_digit(text.data[0]) ? FIT_GOOD : FIT_CONVERTED;
}

enum fit
value_time(int64_t *out, struct str text)
{
	static const int64_t year_5138 = 99999999999LL, milli_most = 99999999999999LL;
	size_t whole = whole_part(text);
	int64_t value;

	*out = 0;
	if (!text_i64(&value, text.data, whole, -year_5138, milli_most * 1000))
		return time_parse_iso(out, text.data, text.len) ? FIT_CONVERTED : FIT_NONE;
	if (value > milli_most)
		value /= 1000000;
	else if (value > year_5138)
		value /= 1000;
	else if (whole == text.len) {
		*out = value;
		return FIT_GOOD;
	}
	*out = value;
	return FIT_CONVERTED;
}

static bool
has_zone(struct str text)
{
	const char *end = text.data + text.len;

	if (text.len < 20 || (text_lower(text.data[10]) != 't' && text.data[10] != ' '))
		return false;
	return text_lower(end[-1]) == 'z' || (end[-3] == ':' && (end[-6] == '+' || end[-6] == '-'));
}

enum fit
value_rfc3339(int64_t *out, struct str text)
{
	enum fit fit = value_time(out, text);

	if (fit == FIT_NONE)
		return FIT_NONE;
	return fit == FIT_CONVERTED && has_zone(text) ? FIT_GOOD : FIT_CONVERTED;
}

struct str
value_email_domain(struct str email)
{
	struct str domain = {NULL, 0};
	size_t i;

	for (i = email.len; i > 0 && email.data[i - 1] != '@'; i--)
		continue;
	if (i == 0)
		return domain;
	domain.data = email.data + i;
	while (domain.len < email.len - i && domain.data[domain.len] != '>' &&
	       !text_is_blank(domain.data[domain.len]))
		domain.len++;
	return domain.len == 0 ? (struct str){NULL, 0} : domain;
}

struct str
value_report_id(struct str id)
{
	while (id.len > 0 && (id.data[0] == '<' || text_is_blank(id.data[0]))) {
		id.data++;
		id.len--;
	}
	while (id.len > 0 && (id.data[id.len - 1] == '>' || text_is_blank(id.data[id.len - 1])))
		id.len--;
	return id;
}
