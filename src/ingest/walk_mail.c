/*
 * walk_mail: mails and their parts. A part that can hold a report is set aside and walked; each is an
 * original of its own, unless the mail itself came inside one.
 */
#include "ingest/proof.h"
#include "ingest/walk_letter.h"
#include "ingest/walking.h"
#include "parse/tlsrpt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct str
header(struct walk *walk, struct message *message, const char *name)
{
	return outbox_text(walk->outbox, message_header(message, name));
}

static void
put_proof(struct walk *walk, struct message *message, struct proof *to)
{
	struct arena arena;
	struct proof proof;

	arena_init(&arena);
	proof_read(&proof, message, walk->trusted, &arena);
	to->from = outbox_text(walk->outbox, proof.from);
	to->by = outbox_text(walk->outbox, proof.by);
	to->results = outbox_text(walk->outbox, proof.results);
	arena_free(&arena);
}

/* personal: a failure report is in it. Its subject often is that of the reported mail. */
static void
put_mail(struct walk *walk, struct message *message, bool personal)
{
	struct entry *entry = outbox_add(walk->outbox, ENTRY_MAIL);

	entry->u.mail.message_id = header(walk, message, "Message-ID");
	entry->u.mail.from = header(walk, message, "From");
	entry->u.mail.date = header(walk, message, "Date");
	entry->u.mail.personal = personal && !walk->keeps.personal;
	if (entry->u.mail.personal)
		entry->u.mail.from = feedback_address(entry->u.mail.from);
	else
		entry->u.mail.subject = header(walk, message, "Subject");
	put_proof(walk, message, &entry->u.mail.proof);
	if (walk->place[0] != '\0')
		entry->u.mail.place = outbox_text(walk->outbox, str_of(walk->place));
}

/* RFC 8460 s. 6.4: application/tlsrpt+gzip, application/tlsrpt+json; others leave the suffix out. */
static bool
claims_tls(const struct part *part)
{
	static const char type[] = "application/tlsrpt";
	size_t n = sizeof type - 1;

	return part->type.data != NULL && part->type.len >= n && text_same_nocase(part->type.data, n, type) &&
	       (part->type.len == n || part->type.data[n] == '+');
}

/* Whether a part says that it is a report: when its bytes are none, something was lost. */
static bool
claims_report(const struct part *part)
{
	static const char *const types[] = {"application/gzip", "application/x-gzip",
	    "application/gzip-compressed", "application/zip", "application/x-zip",
	    "application/x-zip-compressed", "application/xml", "text/xml", NULL};
	static const char *const ends[] = {".xml", ".gz", ".zip", NULL};
	size_t i, n;

	if (claims_tls(part))
		return true;
	for (i = 0; types[i] != NULL; i++)
		if (part->type.data != NULL && text_same_nocase(part->type.data, part->type.len, types[i]))
			return true;
	for (i = 0; ends[i] != NULL; i++) {
		n = strlen(ends[i]);
		if (part->filename.data != NULL && part->filename.len > n &&
		    text_same_nocase(part->filename.data + part->filename.len - n, n, ends[i]))
			return true;
	}
	return false;
}

static enum held
walk_part_bytes(struct walk *walk, struct stream *stream, const struct part *part, unsigned depth)
{
	bool opens = !walk->in_original;
	enum held held;

	if (opens)
		walk_original_begin(walk);
	walk->claims_tls = claims_tls(part);
	held = walk_stream(walk, stream, depth + 1);
	walk->claims_tls = false;
	if (held == HELD_NOTHING && claims_report(part)) {
		walk_reject_nothing(walk, stream);
		held = HELD_FOUND;
	}
	if (opens)
		walk_original_end(walk, stream);
	return held;
}

/* Whether a part can hold a report at all; mails are opened as such, without an original of their own. */
static bool
is_candidate(struct stream *stream, const struct part *part)
{
	const unsigned char *head;
	enum content content;
	struct err err;
	size_t len;

	if (stream_peek(stream, &head, &len, &err) != OK)
		return true;
	content = content_sniff(head, len);
	if (content == CONTENT_JSON && tlsrpt_is_likely(head, len))
		return true;
	return (content != CONTENT_OTHER && content != CONTENT_JSON && content != CONTENT_EMPTY) ||
	       claims_report(part);
}

static enum held
walk_part(struct walk *walk, const struct part *part, unsigned depth)
{
	enum held held = HELD_NOTHING;
	struct stream *stream;
	enum status status;
	struct spool spool;
	struct err err;
	char text[PLACE];
	size_t before;

	if (!is_candidate(part->stream, part))
		return HELD_NOTHING;
	(void)snprintf(text, sizeof text, "part %zu%s%.*s", part->number,
	    part->filename.data == NULL ? "" : ": ", part->filename.len > 300 ? 300 : (int)part->filename.len,
	    part->filename.data == NULL ? "" : part->filename.data);
	before = walk_step_in(walk, text, strlen(text));
	spool_init(&spool);
	status = spool_fill(
	    &spool, part->stream, (size_t)walk->limits->spool_memory, walk->limits->input_bytes, &err);
	stream = spool_stream(&spool);
	if (status == OK)
		held = walk_part_bytes(walk, stream, part, depth);
	else {
		walk_original_begin(walk);
		held = walk_failed(walk, &err);
		walk_original_end(walk, stream);
	}
	stream_close(stream);
	spool_free(&spool);
	walk_step_out(walk, before);
	return held;
}

/* A mail that the MIME reader refuses is itself the original of its reject. */
static void
reject_mail(struct walk *walk, struct stream *stream, const struct err *why)
{
	bool opens = !walk->in_original;

	if (opens)
		walk_original_begin(walk);
	walk->personal = walk->personal || walk_seems_feedback(stream);
	walk_reject(walk, why);
	if (opens)
		walk_original_end(walk, stream);
}

/* A mail that is read. */
struct mail {
	struct message *message;
	struct stream *stream; /* its bytes */
	struct feedback_unit *units;
	size_t unit_count;
	struct walk_letter letter;
	struct gathered gathered; /* when the mail itself is a failure report, which comes behind its parts */
	unsigned depth;
};

static bool
is_report_itself(const struct mail *mail)
{
	return mail->unit_count > 0 && mail->units[0].mail == 0;
}

/* A failure report that is a mail in the mail. */
static void
walk_attached(struct walk *walk, struct mail *mail, const struct feedback_unit *unit)
{
	struct gathered gathered;
	struct stream *nothing;
	enum status status;
	struct part part;
	char text[40];
	size_t before;

	(void)snprintf(text, sizeof text, "mail %zu", unit->mail);
	before = walk_step_in(walk, text, strlen(text));
	walk_gather_feedback(&gathered, walk, mail->message, unit);
	status = message_part(mail->message, unit->first - 1, &part, &gathered.err);
	if (status != OK)
		gathered.status = status;
	nothing = stream_memory("", 0);
	walk_put_feedback(walk, &gathered, status == OK ? part.stream : nothing);
	stream_close(nothing);
	gathered_free(&gathered);
	walk_step_out(walk, before);
}

/* Parts of a failure report are no reports, unless one beside the reported message says that it is. */
static bool
is_skipped(const struct mail *mail, const struct part *part, size_t i)
{
	size_t n;

	for (n = 0; n < mail->unit_count; n++)
		if (i >= mail->units[n].first && i < mail->units[n].end)
			return part->depth > mail->units[n].depth || !claims_report(part);
	return false;
}

static enum status
walk_parts(enum held *held, struct walk *walk, struct mail *mail, struct err *err)
{
	enum status status = OK;
	struct part part;
	enum held one;
	size_t i, n;

	if (is_report_itself(mail)) {
		walk_gather_feedback(&mail->gathered, walk, mail->message, &mail->units[0]);
		*held = HELD_FOUND;
	}
	for (n = 0; n < mail->unit_count; n++)
		if (mail->units[n].mail > 0) {
			walk_attached(walk, mail, &mail->units[n]);
			*held = HELD_FOUND;
		}
	for (i = 0; (status = message_part(mail->message, i, &part, err)) == OK; i++) {
		if (part.mail || is_skipped(mail, &part, i))
			continue;
		walk_letter_part(&mail->letter, &part);
		one = walk_part(walk, &part, mail->depth);
		*held = one > *held ? one : *held;
	}
	return status == SKIP ? OK : status;
}

enum held
walk_mail(struct walk *walk, struct stream *stream, unsigned depth)
{
	struct mail mail = {.stream = stream, .depth = depth};
	enum held held = HELD_NOTHING;
	struct err err;
	enum status status = message_open(&mail.message, stream, walk->limits, &err);

	walk_letter_init(&mail.letter);
	if (status == OK)
		status = walk_find_feedback(&mail.units, &mail.unit_count, mail.message, &err);
	if (status == OK && !walk->in_original && depth == 0)
		put_mail(walk, mail.message, mail.unit_count > 0);
	if (status == OK)
		status = walk_parts(&held, walk, &mail, &err);
	if (status != OK) {
		reject_mail(walk, stream, &err);
		held = HELD_FOUND;
	} else if (is_report_itself(&mail))
		walk_put_feedback(walk, &mail.gathered, stream);
	gathered_free(&mail.gathered);
	free(mail.units);
	if (held != HELD_FOUND && depth == 0)
		walk_letter_end(walk, mail.message, &mail.letter);
	walk_letter_free(&mail.letter);
	message_close(mail.message);
	return held == HELD_NOTHING ? HELD_OTHER : held;
}

enum held
walk_mbox(struct walk *walk, struct stream *stream, unsigned depth)
{
	enum held held = HELD_OTHER, one;
	unsigned long long number = 0;
	struct mbox *mbox = NULL;
	struct stream *mail, *nothing;
	enum status status;
	struct err err;
	char text[40];
	size_t before;

	status = mbox_open(&mbox, stream, walk->limits, &err);
	if (status != OK) {
		reject_mail(walk, stream, &err);
		return HELD_FOUND;
	}
	while ((status = mbox_next(mbox, &mail, &err)) == OK || status == LIMIT || status == BAD) {
		(void)snprintf(text, sizeof text, "message %llu", ++number);
		before = walk_step_in(walk, text, strlen(text));
		if (status == OK)
			one = walk_mail(walk, mail, depth);
		else {
			/* The mail is not at hand as a whole, so the mbox has to stay. */
			nothing = stream_memory("", 0);
			reject_mail(walk, nothing, &err);
			stream_close(nothing);
			walk->keep_in_place = true;
			one = HELD_FOUND;
		}
		held = one > held ? one : held;
		walk_step_out(walk, before);
	}
	mbox_close(mbox);
	return held;
}
