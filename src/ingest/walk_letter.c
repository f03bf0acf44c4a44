/* walk_letter: of the parts only the types matter, and the start of the first text. */
#include "ingest/walk_letter.h"

#include "base/buf.h"

enum { TEXT_BYTES = 16384 };

void
walk_letter_init(struct walk_letter *letter)
{
	*letter = (struct walk_letter){0};
	arena_init(&letter->arena);
}

void
walk_letter_free(struct walk_letter *letter)
{
	arena_free(&letter->arena);
}

/* An error report is one text. */
static void
read_text(struct walk_letter *letter, struct stream *stream)
{
	const unsigned char *data;
	struct buf text;
	struct err ignored;
	size_t len;

	buf_init(&text, TEXT_BYTES);
	while (text.len < TEXT_BYTES && stream_next(stream, &data, &len, &ignored) == OK && len > 0)
		(void)buf_add(&text, data, len < TEXT_BYTES - text.len ? len : TEXT_BYTES - text.len);
	letter->is_lost =
	    text.len > 0 &&
	    letter_lost(&letter->lost, (struct str){(const char *)text.data, text.len}, &letter->arena);
	(void)stream_rewind(stream, &ignored);
	buf_free(&text);
}

void
walk_letter_part(struct walk_letter *letter, const struct part *part)
{
	if (str_eq(part->type, "message/delivery-status"))
		letter->delivery_status = true;
	else if (!letter->has_text && (part->type.data == NULL || str_eq(part->type, "text/plain"))) {
		letter->has_text = true;
		read_text(letter, part->stream);
	}
}

static struct str
header(struct message *message, const char *name, struct arena *arena)
{
	return arena_str(arena, message_header(message, name));
}

static enum letter_kind
kind_of(struct message *message, const struct walk_letter *letter)
{
	struct letter seen = {.delivery_status = letter->delivery_status};
	enum letter_kind kind;
	struct arena arena;

	if (letter->is_lost)
		return LETTER_LOST;
	arena_init(&arena);
	seen.type = header(message, "Content-Type", &arena);
	seen.from = header(message, "From", &arena);
	seen.subject = header(message, "Subject", &arena);
	seen.auto_submitted = header(message, "Auto-Submitted", &arena);
	seen.precedence = header(message, "Precedence", &arena);
	seen.auto_reply = header(message, "X-Autoreply", &arena);
	seen.failed_recipients = header(message, "X-Failed-Recipients", &arena);
	kind = letter_kind(&seen);
	arena_free(&arena);
	return kind;
}

void
walk_letter_end(struct walk *walk, struct message *message, const struct walk_letter *letter)
{
	struct entry *entry = outbox_add(walk->outbox, ENTRY_SKIP);
	const struct lost *lost = &letter->lost;

	entry->u.skip.mail = true;
	entry->u.skip.kind = kind_of(message, letter);
	if (!letter->is_lost)
		return;
	entry = outbox_add(walk->outbox, ENTRY_LOST);
	entry->u.lost = *lost;
	entry->u.lost.domain = outbox_text(walk->outbox, lost->domain);
	entry->u.lost.submitter = outbox_text(walk->outbox, lost->submitter);
	entry->u.lost.report_id = outbox_text(walk->outbox, lost->report_id);
	entry->u.lost.date = outbox_text(walk->outbox, lost->date);
	entry->u.lost.uri = outbox_text(walk->outbox, lost->uri);
}
