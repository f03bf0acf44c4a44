/* source_rows: a view of mail (analysis/mail.h), summed up by source, as JSON. */
#include "query/source_rows.h"

#include "base/buf.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	JSON_BYTES = 134217728,
	NUMBER_TEXT = 32,
	ALSO_TEXT = MAIL_CLASSES * (NUMBER_TEXT + 20),
	HANDFUL = 10,    /* messages */
	TREND_LEAST = 10 /* messages that make a difference */
};

/* A source's mail, all of it or that of one class. */
struct summed {
	uint64_t messages, passing, recent, by_class[MAIL_CLASSES];
	const struct mail_flow *largest[MAIL_CLASSES]; /* flow of each class */
	int64_t first, last;
};

/* ---- what is said of a source ---- */

/* Mail that somebody has to look at. */
static bool
needs_work(enum mail_class kind)
{
	switch (kind) {
	case MAIL_FULL:
	case MAIL_DKIM_ONLY:
	case MAIL_FORWARDED:
	case MAIL_SPOOFED:
	case MAIL_UNTOLD:
		return false;
	default:
		return true;
	}
}

/* The class of most of its mail; of equal ones the first. */
static enum mail_class
main_class(const struct summed *summed)
{
	enum mail_class kind, best = MAIL_FULL;

	for (kind = MAIL_FULL; kind < MAIL_CLASSES; kind++)
		if (summed->by_class[kind] > summed->by_class[best])
			best = kind;
	return best;
}

/* Below one in a thousand, and a handful below one in a hundred, says nothing of a source. */
static bool
is_little(uint64_t part, uint64_t messages)
{
	return part * 1000 < messages || (part < HANDFUL && part * 100 < messages);
}

/* What the evidence is about: what most has to be done about, unless that is next to nothing. */
static enum mail_class
told_class(const struct summed *summed)
{
	enum mail_class kind, best = MAIL_CLASSES;

	for (kind = MAIL_FULL; kind < MAIL_CLASSES; kind++)
		if (needs_work(kind) && summed->by_class[kind] > 0 &&
		    (best == MAIL_CLASSES || summed->by_class[kind] > summed->by_class[best]))
			best = kind;
	if (best == MAIL_CLASSES || is_little(summed->by_class[best], summed->messages))
		return main_class(summed);
	return best;
}

/* A record without a verdict says nothing for its sender. */
static bool
only_spoofed(const struct summed *summed)
{
	uint64_t spoofed = summed->by_class[MAIL_SPOOFED];

	return spoofed > 0 && spoofed + summed->by_class[MAIL_UNTOLD] == summed->messages;
}

/* "12,000", as tables have it. */
static void
put_thousands(char to[NUMBER_TEXT], uint64_t number)
{
	char digits[NUMBER_TEXT];
	int len = snprintf(digits, sizeof digits, "%" PRIu64, number), i;

	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
}

/* "12 broken, 3 list": the classes beside the main one. */
static size_t
also_words(char to[ALSO_TEXT], const struct summed *summed)
{
	enum mail_class kind, main = main_class(summed);
	char number[NUMBER_TEXT];
	size_t len = 0;

	to[0] = '\0';
	for (kind = MAIL_FULL; kind < MAIL_CLASSES; kind++) {
		if (kind == main || summed->by_class[kind] == 0)
			continue;
		put_thousands(number, summed->by_class[kind]);
		len += (size_t)snprintf(
		    to + len, ALSO_TEXT - len, "%s%s %s", len > 0 ? ", " : "", number, mail_class_word(kind));
	}
	return len;
}

/* The last days against those before, as far as there are any; NULL: there is nothing to compare. */
static const char *
trend_word(const struct summed *summed, const struct mail_source *source, const struct mail_view *view)
{
	int64_t recent_from = view->span.as_of - view->span.days + 1;
	int64_t from = view->span.as_of - view->span.inventory + 1;
	double before, expected, recent = (double)summed->recent;

	from = view->first_day > from ? view->first_day : from;
	if (from >= recent_from)
		return NULL;
	if (source->first >= recent_from)
		return "new";
	if (summed->recent == 0)
		return "quiet";
	before = (double)(summed->messages - summed->recent);
	expected = before * (double)view->span.days / (double)(recent_from - from);
	if (recent > 1.5 * expected && recent - expected >= TREND_LEAST)
		return "up";
	return expected > 1.5 * recent && expected - recent >= TREND_LEAST ? "down" : "steady";
}

static const char *
decision_word(enum mail_decision decision)
{
	switch (decision) {
	case DECISION_OURS:
		return "ours";
	case DECISION_NOT_OURS:
		return "not-ours";
	case DECISION_FORWARDER:
		return "forwarder";
	case DECISION_NONE:
		break;
	}
	return NULL;
}

/* ---- JSON ---- */

static void
put_text(struct buf *json, struct str text)
{
	char escape[8];
	size_t i;

	(void)buf_add_text(json, text.data == NULL ? "null" : "\"");
	for (i = 0; text.data != NULL && i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c == '"' || c == '\\' || c < ' ') {
			(void)snprintf(escape, sizeof escape, "\\u%04x", c);
			(void)buf_add_text(json, escape);
		} else {
			(void)buf_add(json, &c, 1);
		}
	}
	if (text.data != NULL)
		(void)buf_add_text(json, "\"");
}

static void
put_number(struct buf *json, int64_t number)
{
	char text[24];

	(void)snprintf(text, sizeof text, ",%" PRId64, number);
	(void)buf_add_text(json, text);
}

static void
put_next(struct buf *json, struct str text)
{
	(void)buf_add_text(json, ",");
	put_text(json, text);
}

static bool
put_source(struct buf *json, const struct summed *summed, const struct mail_source *source,
    const struct mail_view *view)
{
	char also[ALSO_TEXT], fix[MAIL_FIX];
	enum mail_class told = told_class(summed);
	const struct mail_flow *flow = summed->largest[told];
	size_t also_len = also_words(also, summed);
	size_t fix_len = mail_fix(fix, source, told, flow->fault, view->domain);
	bool spoofed = source->decision == DECISION_NONE && only_spoofed(summed);

	(void)buf_add_text(json, json->len > 1 ? ",[" : "[");
	put_text(json, source->name);
	put_next(json, str_of(mail_class_word(main_class(summed))));
	put_next(json, also_len > 0 ? (struct str){also, also_len} : str_of(NULL));
	put_number(json, (int64_t)summed->messages);
	put_number(json, (int64_t)summed->passing);
	put_number(json, (int64_t)summed->recent);
	put_next(json, str_of(trend_word(summed, source, view)));
	put_number(json, summed->first);
	put_number(json, summed->last);
	put_next(json, str_of(decision_word(source->decision)));
	put_number(json, (int64_t)source->addresses);
	put_next(json, flow->evidence);
	put_next(json, fix_len > 0 ? (struct str){fix, fix_len} : str_of(NULL));
	put_number(json, spoofed);
	put_number(json, needs_work(told));
	put_number(json, source->more_addresses);
	return buf_add_text(json, "]");
}

/* ---- a domain ---- */

static void
sum_flow(struct summed *summed, const struct mail_flow *flow)
{
	const struct mail_flow **largest = &summed->largest[flow->class];

	if (*largest == NULL || flow->messages > (*largest)->messages)
		*largest = flow;
	summed->first = summed->messages == 0 || flow->first < summed->first ? flow->first : summed->first;
	summed->last = summed->messages == 0 || flow->last > summed->last ? flow->last : summed->last;
	summed->messages += flow->messages;
	summed->recent += flow->recent;
	summed->passing += (flow->flags & FLOW_PASS) != 0 ? flow->messages : 0;
	summed->by_class[flow->class] += flow->messages;
}

/* class MAIL_CLASSES: all of them. */
static bool
put_sources(struct buf *json, const struct mail_view *view, enum mail_class kind)
{
	struct summed *summed = mem_zero(view->source_count + 1, sizeof *summed);
	bool room = buf_add_text(json, "[");
	size_t i;

	for (i = 0; i < view->flow_count; i++)
		if (kind == MAIL_CLASSES || view->flows[i].class == kind)
			sum_flow(&summed[view->flows[i].source], &view->flows[i]);
	for (i = 0; room && i < view->source_count; i++)
		if (summed[i].messages > 0)
			room = put_source(json, &summed[i], &view->sources[i], view);
	free(summed);
	return room && buf_add_text(json, "]");
}

static struct mail_span
span_of(int64_t since, int64_t until)
{
	struct mail_span span = {.as_of = until, .inventory = until - since + 1, .most = MAIL_MOST};

	if (span.inventory < 1)
		span.inventory = 1;
	if (span.inventory > MAIL_DAYS_MOST)
		span.inventory = MAIL_DAYS_MOST;
	span.days = span.inventory >= 2 * MAIL_RATES ? MAIL_RATES : (span.inventory + 1) / 2;
	span.memory = span.inventory > MAIL_MEMORY ? span.inventory : MAIL_MEMORY;
	return span;
}

static enum status
domain_json(struct buf *json, struct source_rows *rows, struct db_call *call, struct err *err)
{
	const struct mail_span span = span_of(call_i64(call, 1), call_i64(call, 2));
	enum mail_class kind = call_is_null(call, 4) ? MAIL_CLASSES : (enum mail_class)call_i64(call, 4);
	struct mail *mail = NULL;
	enum status status = rows->feed != NULL ? OK : mail_feed_open(&rows->feed, rows->db, err);

	if (status == OK)
		status =
		    mail_feed_read(&mail, rows->feed, call_i64(call, 0), &span, call_i64(call, 3) != 0, err);
	if (status == OK && !put_sources(json, mail_view(mail), kind))
		status = err_stop(err, EXIT_CODE_DATA, "too many sources at once: --class bounds them");
	mail_free(mail);
	return status;
}

static void
sql_mail_sources(struct db_call *call, void *data)
{
	struct source_rows *rows = data;
	struct buf json;

	buf_init(&json, JSON_BYTES);
	if (rows->err->status == OK && domain_json(&json, rows, call, rows->err) == OK)
		call_return_text(call, (struct str){(const char *)json.data, json.len});
	else
		call_return_null(call);
	buf_free(&json);
}

enum status
source_rows_add(struct source_rows *rows, struct db *db, struct err *err)
{
	rows->db = db;
	return db_add_function(db, "mail_sources", 5, sql_mail_sources, rows, err);
}

void
source_rows_free(struct source_rows *rows)
{
	mail_feed_close(rows->feed);
}
