/* walking: what walk.c (containers) and walk_mail.c (mails) share; private to this folder. */
#ifndef DMARCQ_INGEST_WALKING_H
#define DMARCQ_INGEST_WALKING_H

#include "ingest/walk.h"
#include "message/message.h"
#include "parse/feedback.h"
#include "unpack/unpack.h"

/* What was in a thing, in order of weight. */
enum held { HELD_NOTHING, HELD_OTHER, HELD_FOUND };

enum { PLACE = 1024 };

struct walk {
	const struct limits *limits;
	struct outbox *outbox;
	struct parser *parser;
	struct unpack_budget budget;
	struct walk_keeps keeps;
	const char *trusted; /* see proof.h */
	const struct walk_item *item;
	char place[PLACE];  /* the way from the item to where we are: "part 2: x.zip: y.xml" */
	size_t original_at; /* where in place the inside of the original begins */
	bool in_original, used, found, rejected; /* of the original */
	bool personal;                           /* a failure report is in it */
	size_t strangers;                    /* things in the original that are of no kind that is known, */
	bool stranger_empty;                 /* whether the first of them is empty, */
	char stranger[200];                  /* and the way to it inside the original: "" at its top */
	bool keep_in_place, unread, refused; /* of the item; refused: something in it was rejected */
	bool hidden; /* of the item: bytes of what was rejected are not kept, since they may be personal */
	bool packing_cut, packing_trailing;
	bool claims_tls; /* the media type of the part says that it is a TLS report */
};

/* Whatever it is, by its first bytes. */
enum held walk_stream(struct walk *walk, struct stream *stream, unsigned depth);
enum held walk_json(struct walk *walk, struct stream *stream);
enum held walk_mail(struct walk *walk, struct stream *stream, unsigned depth);
enum held walk_mbox(struct walk *walk, struct stream *stream, unsigned depth);

/* Goes one step further in; returns where place ended before, for walk_step_out. */
size_t walk_step_in(struct walk *walk, const char *text, size_t len);
void walk_step_out(struct walk *walk, size_t before);
/* The way inside the original; missing at its top. */
struct str walk_inside(const struct walk *walk);
/* What the containers around a report knew only when it was read. */
void walk_note_packing(const struct walk *walk, struct repairs *repairs);
/* What comes between them is one original, whose bytes are those of stream. */
void walk_original_begin(struct walk *walk);
void walk_original_end(struct walk *walk, struct stream *stream);
void walk_reject(struct walk *walk, const struct err *err);
/* A thing in which nothing was found that is known. */
void walk_reject_nothing(struct walk *walk, struct stream *stream);

/*
 * walk_feedback.c: failure reports of a mail: the mail itself, or mails in it. Their parts from first to end;
 * an array of them, NULL without any, freed by the caller.
 */
struct feedback_unit {
	size_t first, end;
	unsigned depth; /* mails around its parts */
	size_t mail;    /* counted from 1 among the mails in the mail; 0: the mail itself */
};
enum status walk_find_feedback(
    struct feedback_unit **units, size_t *count, struct message *message, struct err *err);
/* What such a report says until it is handed over; gathered_free is due in any case. */
struct gathered {
	struct feedback feedback;
	struct arena arena;
	enum status status; /* not OK: it can't be read, and err says why */
	struct err err;
};
void walk_gather_feedback(
    struct gathered *gathered, struct walk *walk, struct message *message, const struct feedback_unit *unit);
/* Hands it over, as an original whose bytes are those of stream unless it lies in one. */
void walk_put_feedback(struct walk *walk, const struct gathered *gathered, struct stream *stream);
void gathered_free(struct gathered *gathered);
/* Whether a mail that can't be read as one seems to be a failure report. */
bool walk_seems_feedback(struct stream *stream);

/* A failure below: SKIP is something else than a report, everything else rejects. */
enum held walk_failed(struct walk *walk, const struct err *err);

#endif
