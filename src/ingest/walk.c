/*
 * walk: looks at the first bytes of each thing, opens it as what it is, and goes on inside. An original is a
 * file or an attachment as it arrived; whatever is wrong inside it rejects that part of it and keeps the
 * original's bytes.
 */
#include "ingest/walk.h"

#include "base/mem.h"
#include "ingest/original.h"
#include "ingest/walking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KNOWN_KINDS "neither XML, JSON, gzip, zlib, zip, mail nor mbox"

struct walk *
walk_new(const struct limits *limits, struct outbox *outbox, struct walk_keeps keeps, const char *trusted,
    uint64_t seed)
{
	struct walk *walk = mem_zero(1, sizeof *walk);

	walk->limits = limits;
	walk->outbox = outbox;
	walk->keeps = keeps;
	walk->trusted = trusted;
	walk->parser = parser_new(limits, seed);
	return walk;
}

void
walk_free(struct walk *walk)
{
	if (walk == NULL)
		return;
	parser_free(walk->parser);
	free(walk);
}

/* Goes one step further in; returns where place ended before, for step_out. */
size_t
walk_step_in(struct walk *walk, const char *text, size_t len)
{
	size_t before = strlen(walk->place);

	(void)snprintf(walk->place + before, sizeof walk->place - before, "%s%.*s", before > 0 ? ": " : "",
	    len > 400 ? 400 : (int)len, text);
	return before;
}

void
walk_step_out(struct walk *walk, size_t before)
{
	walk->place[before] = '\0';
	if (walk->original_at > before)
		walk->original_at = before;
}

struct str
walk_inside(const struct walk *walk)
{
	const char *text = walk->place + walk->original_at;

	if (strncmp(text, ": ", 2) == 0)
		text += 2;
	return text[0] == '\0' ? str_of(NULL) : str_of(text);
}

void
walk_original_begin(struct walk *walk)
{
	struct entry *entry = outbox_add(walk->outbox, ENTRY_ARRIVAL_BEGIN);

	walk->in_original = true;
	walk->used = walk->rejected = walk->found = walk->personal = false;
	walk->strangers = 0;
	walk->original_at = strlen(walk->place);
	if (walk->original_at > 0)
		entry->u.arrival_begin.place = outbox_text(walk->outbox, str_of(walk->place));
}

void
walk_original_end(struct walk *walk, struct stream *stream)
{
	struct original_traits traits = {.keep = walk->keeps.originals,
	    .personal = walk->personal,
	    .bare = walk->personal && !walk->keeps.personal};
	enum status status;
	struct err err;

	walk->in_original = false;
	traits.held = walk->rejected ? walk->found ? ORIGINAL_MIXED : ORIGINAL_REJECTED : ORIGINAL_READ;
	if (walk->used && walk->item->info.arrival == 0) {
		status = original_put(walk->outbox, stream, walk->limits, &traits, &err);
		walk->keep_in_place = walk->keep_in_place || status != OK;
		walk->hidden = walk->hidden || (status != OK && traits.bare);
		walk->unread = walk->unread || (status != OK && status != LIMIT);
	} else
		outbox_add(walk->outbox, ENTRY_ARRIVAL_END);
}

void
walk_reject(struct walk *walk, const struct err *err)
{
	struct entry *entry = outbox_add(walk->outbox, ENTRY_REJECT);
	char text[sizeof err->where + sizeof err->what + 4];

	walk->used = walk->rejected = walk->refused = true;
	(void)snprintf(text, sizeof text, "%s%s%s", err->where, err->where[0] != '\0' ? ": " : "", err->what);
	entry->u.reject.reason = outbox_text(walk->outbox, str_of(text));
	entry->u.reject.place = outbox_text(walk->outbox, walk_inside(walk));
	entry->u.reject.status = err->status;
	entry->u.reject.personal = walk->personal && !walk->keeps.personal;
	(void)snprintf(text, sizeof text, "%.*s%s%s",
	    (int)(walk->item->where.len < 500 ? walk->item->where.len : 500), walk->item->where.data,
	    walk->place[0] != '\0' ? ": " : "", walk->place);
	entry->u.reject.where = outbox_text(walk->outbox, str_of(text));
}

/* A failure below: SKIP is something else than a report, everything else rejects. */
enum held
walk_failed(struct walk *walk, const struct err *err)
{
	if (err->status == SKIP)
		return HELD_OTHER;
	walk_reject(walk, err);
	return HELD_FOUND;
}

void
walk_note_packing(const struct walk *walk, struct repairs *repairs)
{
	repairs->times[REPAIR_PACKING_CUT] += walk->packing_cut;
	repairs->times[REPAIR_PACKING_TRAILING] += walk->packing_trailing;
}

static void
known_repairs(void *data, struct repairs *repairs, struct arena *arena)
{
	(void)arena;
	walk_note_packing(data, repairs);
}

static enum held
walk_xml(struct walk *walk, struct stream *stream)
{
	struct sink sink = outbox_sink(walk->outbox);
	enum status status;
	struct err err;
	char text[40];
	size_t before;

	walk->outbox->place = walk_inside(walk);
	walk->outbox->documents = 0;
	walk->outbox->known = known_repairs;
	walk->outbox->known_data = walk;
	status = parser_read(walk->parser, stream, &sink, &err);
	if (walk->outbox->documents > 0)
		walk->used = walk->found = true;
	if (status != OK && walk->outbox->documents == 0)
		return walk_failed(walk, &err);
	if (status != OK && status != SKIP) {
		(void)snprintf(
		    text, sizeof text, "document %llu", (unsigned long long)walk->outbox->documents + 1);
		before = walk_step_in(walk, text, strlen(text));
		walk_reject(walk, &err);
		walk_step_out(walk, before);
	}
	return HELD_FOUND;
}

/* What an inflating stream knew only at its end: noted on reports through known_repairs. */
struct inflating {
	struct stream stream;
	struct stream *inner;
	struct walk *walk;
	bool trailing;
};

static enum status
inflating_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	struct inflating *self = (struct inflating *)stream;
	enum status status = stream_next(self->inner, data, len, err);

	self->stream.truncated = self->inner->truncated;
	self->walk->packing_cut = self->walk->packing_cut || self->inner->truncated;
	self->walk->packing_trailing = self->walk->packing_trailing || self->trailing;
	return status;
}

static enum status
inflating_rewind(struct stream *stream, struct err *err)
{
	return stream_rewind(((struct inflating *)stream)->inner, err);
}

static void
inflating_close(struct stream *stream)
{
	stream_close(((struct inflating *)stream)->inner);
}

static enum held
walk_packed(struct walk *walk, struct stream *stream, enum content content, unsigned depth)
{
	static const struct stream_class class = {
	    "inflating", inflating_next, inflating_rewind, inflating_close};
	struct inflating self = {.stream = {.class = &class}, .walk = walk};
	enum held held;

	walk->packing_cut = walk->packing_trailing = false;
	self.inner = unpack_inflate(stream, content, &walk->budget, &self.trailing);
	held = walk_stream(walk, &self.stream, depth + 1);
	stream_close(&self.stream);
	return held;
}

/* What is wrong with the archive as a whole has no member's name. */
static size_t
step_into_member(struct walk *walk, struct str name, enum status status)
{
	if (name.data == NULL)
		name = str_of(status == OK ? "member" : NULL);
	return name.data == NULL ? strlen(walk->place) : walk_step_in(walk, name.data, name.len);
}

static enum held
walk_zip(struct walk *walk, struct stream *stream, unsigned depth)
{
	enum held held = HELD_NOTHING, one;
	struct stream *member;
	struct zip *zip = NULL;
	enum status status;
	struct str name;
	struct err err;
	size_t before;

	status = zip_open(&zip, stream, &walk->budget, &err);
	while (status == OK) {
		name = str_of(NULL);
		status = zip_next(zip, &name, &member, &err);
		if (status == SKIP)
			break;
		before = step_into_member(walk, name, status);
		walk->packing_cut = walk->packing_trailing = false;
		one = status == OK ? walk_stream(walk, member, depth + 1) : walk_failed(walk, &err);
		walk_step_out(walk, before);
		held = one > held ? one : held;
		if (status == BAD)
			status = OK;
	}
	zip_close(zip);
	if (zip == NULL)
		return walk_failed(walk, &err);
	return held;
}

static enum held
note_stranger(struct walk *walk, enum content content)
{
	struct str inside = walk_inside(walk);

	if (walk->strangers++ > 0)
		return HELD_NOTHING;
	walk->stranger_empty = content == CONTENT_EMPTY;
	(void)snprintf(walk->stranger, sizeof walk->stranger, "%.*s", (int)inside.len,
	    inside.data == NULL ? "" : inside.data);
	return HELD_NOTHING;
}

/* A sound container is not what is wrong: what is in it is told. */
static enum status
nothing_inside(struct err *err, const struct walk *walk, enum content content)
{
	const char *name = walk->stranger[0] != '\0' ? walk->stranger : "what is in it";
	char more[40] = "";

	if (walk->strangers == 0)
		return err_set(err, BAD, "nothing is in this %s", content_word(content));
	if (walk->strangers > 1)
		(void)snprintf(more, sizeof more, " and %zu more", walk->strangers - 1);
	else if (walk->stranger_empty)
		return err_set(err, BAD, "no report in this %s: %s is empty", content_word(content), name);
	return err_set(err, BAD, "no report in this %s: %s%s %s " KNOWN_KINDS, content_word(content), name,
	    more, walk->strangers > 1 ? "are" : "is");
}

void
walk_reject_nothing(struct walk *walk, struct stream *stream)
{
	enum content content = CONTENT_OTHER;
	const unsigned char *head;
	struct err err;
	size_t len = 0;

	if (stream_rewind(stream, &err) == OK && stream_peek(stream, &head, &len, &err) == OK)
		content = content_sniff(head, len);
	if (content == CONTENT_GZIP || content == CONTENT_ZLIB || content == CONTENT_ZIP)
		(void)nothing_inside(&err, walk, content);
	else if (content == CONTENT_EMPTY && len == 0)
		(void)err_set(&err, BAD, "it is empty");
	else
		(void)err_set(&err, BAD, "no report in it, and " KNOWN_KINDS);
	walk_reject(walk, &err);
}

enum held
walk_stream(struct walk *walk, struct stream *stream, unsigned depth)
{
	const unsigned char *head;
	enum content content;
	struct err err;
	size_t len;

	if (depth > walk->limits->nesting) {
		(void)err_set(&err, LIMIT, "more than %llu containers inside each other (limit nesting)",
		    (unsigned long long)walk->limits->nesting);
		return walk_failed(walk, &err);
	}
	if (stream_peek(stream, &head, &len, &err) != OK)
		return walk_failed(walk, &err);
	content = content_sniff(head, len);
	switch (content) {
	case CONTENT_XML:
		return walk_xml(walk, stream);
	case CONTENT_GZIP:
	case CONTENT_ZLIB:
		return walk_packed(walk, stream, content, depth);
	case CONTENT_ZIP:
		return walk_zip(walk, stream, depth);
	case CONTENT_MAIL:
		return walk_mail(walk, stream, depth);
	case CONTENT_MBOX:
		return walk_mbox(walk, stream, depth);
	case CONTENT_JSON:
		return walk_json(walk, stream);
	default:
		return note_stranger(walk, content);
	}
}

/* A file that is no mail is its own original. */
static enum held
walk_file(struct walk *walk, struct stream *stream)
{
	enum held held;

	walk_original_begin(walk);
	held = walk_stream(walk, stream, 0);
	if (held == HELD_NOTHING) {
		walk_reject_nothing(walk, stream);
		held = HELD_FOUND;
	}
	walk_original_end(walk, stream);
	if (held == HELD_OTHER)
		outbox_add(walk->outbox, ENTRY_SKIP);
	return held;
}

static void
put_item(struct walk *walk, const struct walk_item *item)
{
	struct entry *entry = outbox_add(walk->outbox, ENTRY_ITEM_BEGIN);

	entry->u.item = item->info;
	entry->u.item.folder = outbox_text(walk->outbox, item->info.folder);
	entry->u.item.name = outbox_text(walk->outbox, item->info.name);
}

static enum item_state
state_of(const struct walk *walk, enum held held)
{
	if (walk->unread)
		return ITEM_UNREAD;
	/* A mail server that keeps what is too long for the database would hand it over again for days. */
	if (walk->keep_in_place && (walk->hidden || !str_eq(walk->item->info.folder, "-")))
		return ITEM_CUT;
	if (held != HELD_FOUND)
		return ITEM_STAYS;
	return walk->refused ? ITEM_REJECTED : ITEM_KEPT;
}

enum item_state
walk_run(struct walk *walk, const struct walk_item *item)
{
	const unsigned char *head;
	enum content content = CONTENT_EMPTY;
	enum item_state state;
	enum held held;
	struct err err;
	size_t len;

	walk->item = item;
	walk->place[0] = '\0';
	walk->original_at = 0;
	walk->in_original = walk->keep_in_place = walk->hidden = walk->unread = walk->refused = false;
	walk->packing_cut = walk->packing_trailing = walk->claims_tls = false;
	unpack_budget_init(&walk->budget, walk->limits, item->info.size);
	put_item(walk, item);
	if (stream_peek(item->stream, &head, &len, &err) == OK)
		content = content_sniff(head, len);
	if (item->info.arrival == 0 && content == CONTENT_MAIL)
		held = walk_mail(walk, item->stream, 0);
	else if (item->info.arrival == 0 && content == CONTENT_MBOX)
		held = walk_mbox(walk, item->stream, 0);
	else
		held = walk_file(walk, item->stream);
	state = state_of(walk, held);
	outbox_add(walk->outbox, ENTRY_ITEM_END)->u.item_end.state = state;
	return state;
}
