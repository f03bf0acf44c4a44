/*
 * walk_feedback: failure reports in a mail. A mail is one when a part of it is made for it, or a text in it
 * holds the fields; what lies in the reported message is nobody's report, so it is never looked into.
 */
#include "base/buf.h"
#include "base/mem.h"
#include "ingest/walking.h"
#include "parse/field.h"

#include <stdio.h>
#include <stdlib.h>

/* Whether a leaf makes its mail a failure report. */
static bool
is_report(const struct part *part)
{
	enum feedback_part kind = feedback_part_of(part->type);
	const unsigned char *head;
	struct err err;
	size_t len;

	if (kind != FEEDBACK_TEXT)
		return kind == FEEDBACK_FIELDS;
	return stream_peek(part->stream, &head, &len, &err) == OK &&
	       feedback_in_text((struct str){(const char *)head, len});
}

static void
add_unit(struct feedback_unit **units, size_t *count, struct feedback_unit unit)
{
	*units = mem_grow(*units, (*count + 1) * sizeof **units);
	(*units)[(*count)++] = unit;
}

/* Looks at the mail whose parts begin at unit->first; *found: it is a failure report. Sets its end. */
static enum status
look_at(bool *found, struct feedback_unit *unit, struct message *message, struct err *err)
{
	enum status status;
	struct part part;

	*found = false;
	for (unit->end = unit->first; (status = message_part(message, unit->end, &part, err)) == OK;
	     unit->end++) {
		if (part.depth < unit->depth)
			return OK;
		*found = *found || (part.depth == unit->depth && !part.mail && is_report(&part));
	}
	return status == SKIP ? OK : status;
}

enum status
walk_find_feedback(struct feedback_unit **units, size_t *count, struct message *message, struct err *err)
{
	struct feedback_unit unit = {0, 0, 0, 0};
	enum status status;
	struct part part;
	size_t i = 0, mails = 0;
	bool found;

	*units = NULL;
	*count = 0;
	status = look_at(&found, &unit, message, err);
	if (status == OK && found) {
		add_unit(units, count, unit);
		return OK;
	}
	while (status == OK && (status = message_part(message, i++, &part, err)) == OK) {
		if (!part.mail)
			continue;
		unit = (struct feedback_unit){i, 0, part.depth + 1, ++mails};
		status = look_at(&found, &unit, message, err);
		if (status == OK && found) {
			add_unit(units, count, unit);
			i = unit.end;
		}
	}
	return status == SKIP ? OK : status;
}

/* The bytes of a part, up to the limit; *cut: there were more. */
static enum status
read_bytes(struct str *to, bool *cut, struct gathered *gathered, size_t most, struct stream *stream)
{
	size_t room;
	const unsigned char *data;
	enum status status;
	struct buf buf;
	size_t len;

	buf_init(&buf, most);
	*cut = false;
	while ((status = stream_next(stream, &data, &len, &gathered->err)) == OK && len > 0 && !*cut) {
		room = most - buf.len;
		*cut = len > room;
		(void)buf_add(&buf, data, *cut ? room : len);
	}
	*to = arena_str(&gathered->arena, (struct str){buf.len > 0 ? (const char *)buf.data : "", buf.len});
	buf_free(&buf);
	return status;
}

/* A message without its body. */
static struct str
header_of(struct str message)
{
	struct str line, rest = message;
	bool any = false;

	while (line_next(&line, &rest)) {
		if (line.len == 0 && any)
			return (struct str){message.data, (size_t)(line.data - message.data)};
		any = any || line.len > 0;
	}
	return message;
}

/* Of a message the header is enough, and of a text what is seen of it. */
static enum status
gather_part(struct gathered *gathered, const struct walk *walk, const struct part *part)
{
	struct feedback *feedback = &gathered->feedback;
	size_t most = (size_t)walk->limits->feedback_bytes;
	enum feedback_part kind = part->mail ? FEEDBACK_MESSAGE : feedback_part_of(part->type);
	struct str *to = kind == FEEDBACK_FIELDS  ? &feedback->fields
			 : kind == FEEDBACK_TEXT  ? &feedback->text
			 : kind == FEEDBACK_OTHER ? NULL
						  : &feedback->message;
	enum status status;
	bool cut;

	if (to == NULL || to->data != NULL || (kind == FEEDBACK_TEXT && !is_report(part)))
		return OK;
	status = read_bytes(to, &cut, gathered, most, part->stream);
	if (kind == FEEDBACK_MESSAGE)
		*to = header_of(*to);
	if (status == OK && cut && kind == FEEDBACK_FIELDS)
		status = err_set(
		    &gathered->err, LIMIT, "more than %zu bytes of fields (limit feedback-bytes)", most);
	return status;
}

/* Who sent the report, when and as what: of a mail in the mail by its own header, as if it had come alone. */
static void
gather_sender(struct gathered *gathered, const struct walk *walk, struct message *message,
    const struct feedback_unit *unit)
{
	static const char *const names[] = {"From", "Date", "Message-ID"};
	struct str *to[] = {
	    &gathered->feedback.sender, &gathered->feedback.sent, &gathered->feedback.message_id};
	struct str header;
	struct field field;
	struct part part;
	bool cut;
	size_t i;

	for (i = 0; unit->mail == 0 && i < 3; i++)
		*to[i] = arena_str(&gathered->arena, message_header(message, names[i]));
	if (unit->mail == 0)
		return;
	gathered->status = message_part(message, unit->first - 1, &part, &gathered->err);
	if (gathered->status == OK)
		gathered->status =
		    read_bytes(&header, &cut, gathered, (size_t)walk->limits->feedback_bytes, part.stream);
	while (gathered->status == OK && field_next(&field, &header, &gathered->arena))
		for (i = 0; i < 3; i++)
			if (to[i]->data == NULL &&
			    text_same_nocase(field.name.data, field.name.len, names[i]))
				*to[i] = field.value;
}

void
walk_gather_feedback(
    struct gathered *gathered, struct walk *walk, struct message *message, const struct feedback_unit *unit)
{
	struct part part;
	size_t i;

	*gathered = (struct gathered){.status = OK};
	arena_init(&gathered->arena);
	gather_sender(gathered, walk, message, unit);
	for (i = unit->first; i < unit->end && gathered->status == OK; i++) {
		gathered->status = message_part(message, i, &part, &gathered->err);
		if (gathered->status == OK && part.depth == unit->depth)
			gathered->status = gather_part(gathered, walk, &part);
	}
}

void
gathered_free(struct gathered *gathered)
{
	arena_free(&gathered->arena);
}

/* A copy that lives as long as the parcel. */
static struct feedback
copy(struct outbox *outbox, const struct feedback *from)
{
	return (struct feedback){.fields = outbox_text(outbox, from->fields),
	    .text = outbox_text(outbox, from->text),
	    .message = outbox_text(outbox, from->message),
	    .sender = outbox_text(outbox, from->sender),
	    .sent = outbox_text(outbox, from->sent),
	    .message_id = outbox_text(outbox, from->message_id)};
}

static void
put_failure(struct walk *walk, const struct gathered *gathered)
{
	struct outbox *outbox = walk->outbox;
	struct feedback feedback;
	struct failure *failure;
	enum status status;
	struct entry *entry;
	struct err err;

	outbox_flush_full(outbox);
	feedback = copy(outbox, &gathered->feedback);
	failure = arena_zero(&outbox->parcel->arena, sizeof *failure);
	status = feedback_read(failure, &feedback, &outbox->parcel->arena, &err);
	if (status != OK) {
		walk_reject(walk, &err);
		return;
	}
	walk->used = walk->found = true;
	entry = parcel_add(outbox->parcel, ENTRY_FAILURE);
	entry->u.failure.failure = failure;
	entry->u.failure.place = outbox_text(outbox, walk_inside(walk));
}

void
walk_put_feedback(struct walk *walk, const struct gathered *gathered, struct stream *stream)
{
	bool opens = !walk->in_original;

	if (opens)
		walk_original_begin(walk);
	walk->personal = true;
	if (gathered->status == OK)
		put_failure(walk, gathered);
	else
		walk_reject(walk, &gathered->err);
	if (opens)
		walk_original_end(walk, stream);
}

bool
walk_seems_feedback(struct stream *stream)
{
	const unsigned char *head;
	struct err err;
	size_t len;

	return stream_rewind(stream, &err) == OK && stream_peek(stream, &head, &len, &err) == OK &&
	       (text_find_nocase((const char *)head, len, "feedback-report") >= 0 ||
		   text_find_nocase((const char *)head, len, "feedback-type") >= 0 ||
		   text_find_nocase((const char *)head, len, "claiming to be from you") >= 0);
}
