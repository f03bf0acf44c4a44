/* message: mails and their parts (RFC 5322, 2045, 2046, 2047, 2231), and mbox files. Hostile by assumption.
 */
#ifndef DMARCQ_MESSAGE_MESSAGE_H
#define DMARCQ_MESSAGE_MESSAGE_H

#include "base/limits.h"
#include "base/stream.h"
#include "base/text.h"

#include <stdbool.h>

struct message;

/* A part, decoded (base64, quoted-printable...). */
struct part {
	struct stream
	    *stream; /* decoded bytes, can be rewound; lives until the next message_part or message_close */
	struct str type;     /* "application/gzip", lower case; missing when not given */
	struct str filename; /* decoded; missing when not given; never a path to use */
	size_t number;       /* from 1 in document order, leaf parts only; of a mail 0 */
	unsigned depth;      /* mails around it */
	bool mail;           /* a mail in the mail: its parts follow, one deeper */
};

/*
 * Reads one mail. LIMIT before any of it is handed to the MIME library when it has more parts, header bytes
 * or depth than allowed, naming the limit. from must outlive the message and be rewindable. Message/rfc822
 * parts are entered: their parts come in order with the others.
 */
enum status message_open(
    struct message **message, struct stream *from, const struct limits *limits, struct err *err);
/* Header of the outermost mail, unfolded, decoded to UTF-8 and cut at 1000 bytes: missing when there is none.
 */
struct str message_header(struct message *message, const char *name);
/* The i-th field of the outermost header as it came, folded; false behind the last. */
bool message_field(struct message *message, size_t i, struct str *name, struct str *value);
/* The i-th part in document order, a mail in the mail before its own parts. SKIP behind the last. */
enum status message_part(struct message *message, size_t i, struct part *part, struct err *err);
void message_close(struct message *message);

/*
 * Mails of an mbox file (RFC 4155, lines "From " at the start of a line behind an empty one or at the
 * beginning; ">From " inside bodies loses one '>'). Each mail is spooled. SKIP behind the last. LIMIT: that
 * mail is too big and is left out, the next call goes on behind it. The mail's stream lives until the next
 * mbox_next or mbox_close.
 */
struct mbox;
enum status mbox_open(struct mbox **mbox, struct stream *from, const struct limits *limits, struct err *err);
enum status mbox_next(struct mbox *mbox, struct stream **mail, struct err *err);
void mbox_close(struct mbox *mbox);

#endif
