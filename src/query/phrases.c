/* phrases: the functions of phrases.h. A new one is a function and a line in functions[]. */
#include "query/phrases.h"

#include "analysis/alignment.h"
#include "analysis/evidence.h"
#include "analysis/sources.h"
#include "analysis/tls.h"
#include "analysis/why.h"
#include "base/words.h"
#include "report/report.h"

#include <string.h>

enum { NEAR_TEXT = 256 };

/* The profile for an SQL function; NULL after a failure, which is kept. */
static const struct profile *
profile_for_sql(const struct phrases *phrases, int64_t profile)
{
	const struct view *view;

	if (phrases->err->status != OK || views_get(&view, phrases->views, profile, phrases->err) != OK)
		return NULL;
	return &view->profile;
}

static void
return_words(struct db_call *call, const struct phrases *phrases,
    size_t (*write)(char to[REASON_TEXT], const struct profile *profile))
{
	const struct profile *profile = profile_for_sql(phrases, call_i64(call, 0));
	char text[REASON_TEXT];

	if (profile == NULL)
		call_return_null(call);
	else
		call_return_text(call, (struct str){text, write(text, profile)});
}

static void
sql_why_words(struct db_call *call, void *data)
{
	const struct profile *profile = profile_for_sql(data, call_i64(call, 0));
	char text[WHY_TEXT];

	if (profile == NULL)
		call_return_null(call);
	else
		call_return_text(call, (struct str){text, why_words(text, profile)});
}

static void
sql_spf_words(struct db_call *call, void *data)
{
	return_words(call, data, source_spf_words);
}

static void
sql_dkim_words(struct db_call *call, void *data)
{
	return_words(call, data, source_dkim_words);
}

static void
sql_alignment_words(struct db_call *call, void *data)
{
	const struct profile *profile = profile_for_sql(data, call_i64(call, 1));
	enum detail_kind kind = call_i64(call, 0) == DETAIL_DKIM ? DETAIL_DKIM : DETAIL_SPF;
	char text[ALIGNMENT_TEXT];

	if (profile == NULL)
		call_return_null(call);
	else
		call_return_text(
		    call, (struct str){text, alignment_words(text, profile, kind, call_i64(call, 2) != 0)});
}

static void
return_of_modes(struct db_call *call, const struct phrases *phrases,
    size_t (*write)(char to[ALIGNMENT_TEXT], const struct profile *profile, struct modes modes))
{
	const struct profile *profile = profile_for_sql(phrases, call_i64(call, 0));
	struct modes modes = {call_i64(call, 1) != 0, call_i64(call, 2) != 0};
	char text[ALIGNMENT_TEXT];
	size_t len = profile == NULL ? 0 : write(text, profile, modes);

	if (len == 0)
		call_return_null(call);
	else
		call_return_text(call, (struct str){text, len});
}

static void
sql_verdict_words(struct db_call *call, void *data)
{
	return_of_modes(call, data, alignment_verdict);
}

static void
sql_contradiction_words(struct db_call *call, void *data)
{
	return_of_modes(call, data, alignment_contradiction);
}

static void
sql_repair_words(struct db_call *call, void *data)
{
	struct str code = call_text(call, 0);
	int i;

	(void)data;
	for (i = 0; i < REPAIRS; i++)
		if (str_eq(code, repair_code((enum repair)i))) {
			call_return_text(call, str_of(repair_sentence((enum repair)i)));
			return;
		}
	call_return_null(call);
}

static void
sql_evidence_words(struct db_call *call, void *data)
{
	const struct proof proof = {call_text(call, 1), call_text(call, 2), call_text(call, 3)};
	char text[EVIDENCE_TEXT];
	struct str str = {text, 0};

	(void)data;
	str.len = evidence_words(
	    text, call_is_null(call, 0) ? NULL : &proof, call_text(call, 4), call_text(call, 5));
	call_return_text(call, str);
}

/* A C string of a text, cut where it has no room. */
static void
copy_text(char *to, size_t size, struct str text)
{
	size_t len = text.len < size ? text.len : size - 1;

	if (len > 0)
		memcpy(to, text.data, len);
	to[len] = '\0';
	text_lower_all(to, len);
}

static void
sql_word_near(struct db_call *call, void *data)
{
	char word[NEAR_TEXT], name[NEAR_TEXT];
	size_t distance;

	(void)data;
	copy_text(word, sizeof word, call_text(call, 0));
	copy_text(name, sizeof name, call_text(call, 1));
	if (word_is_near(&distance, word, name))
		call_return_i64(call, (int64_t)distance);
	else if (strlen(word) > 2 && strstr(name, word) != NULL)
		call_return_i64(call, 1);
	else
		call_return_null(call);
}

static void
sql_service_kind(struct db_call *call, void *data)
{
	const struct phrases *phrases = data;
	const struct sender *sender = sender_by_name(phrases->senders, call_text(call, 0));

	call_return_text(call, sender == NULL ? (struct str){NULL, 0} : sender->kind);
}

static void
sql_service_hint(struct db_call *call, void *data)
{
	const struct phrases *phrases = data;
	const struct sender *sender = sender_by_name(phrases->senders, call_text(call, 0));

	call_return_text(call, sender == NULL ? (struct str){NULL, 0} : sender->hint);
}

static void
sql_tls_meaning(struct db_call *call, void *data)
{
	const struct tls_advice *found = tls_advice(call_text(call, 0));

	(void)data;
	call_return_text(call, str_of(found == NULL ? NULL : found->meaning));
}

static void
sql_tls_advice(struct db_call *call, void *data)
{
	const struct tls_advice *found = tls_advice(call_text(call, 0));

	(void)data;
	call_return_text(call, str_of(found == NULL ? NULL : found->advice));
}

enum status
phrases_add(struct phrases *phrases, struct db *db, struct err *err)
{
	static const struct {
		const char *name;
		int args;
		db_function *function;
	} functions[] = {
	    {"why_words", 1, sql_why_words},
	    {"spf_words", 1, sql_spf_words},
	    {"dkim_words", 1, sql_dkim_words},
	    {"alignment_words", 3, sql_alignment_words},
	    {"verdict_words", 3, sql_verdict_words},
	    {"contradiction_words", 3, sql_contradiction_words},
	    {"repair_words", 1, sql_repair_words},
	    {"evidence_words", 6, sql_evidence_words},
	    {"word_near", 2, sql_word_near},
	    {"service_kind", 1, sql_service_kind},
	    {"service_hint", 1, sql_service_hint},
	    {"tls_meaning", 1, sql_tls_meaning},
	    {"tls_advice", 1, sql_tls_advice},
	};
	enum status status = OK;
	size_t i;

	for (i = 0; status == OK && i < sizeof functions / sizeof *functions; i++)
		status = db_add_function(
		    db, functions[i].name, functions[i].args, functions[i].function, phrases, err);
	return status;
}
