/* mime: the structure of a mail as the MIME library sees it, as a flat list of leaves. Inside of message
 * only. */
#ifndef DMARCQ_MESSAGE_MIME_H
#define DMARCQ_MESSAGE_MIME_H

#include "base/limits.h"
#include "base/text.h"
#include "message/part.h"
#include "message/source.h"

struct mime;

struct leaf {
	uint64_t start, end; /* of its content in the source */
	enum transfer transfer;
	char *type;     /* owned; NULL when not given */
	char *filename; /* owned; NULL when not given */
	size_t number;  /* from 1, leaf parts only; of a mail 0 */
	unsigned depth; /* mails around it */
	bool mail;      /* a mail whose own leaves follow, one deeper */
};

/* Parses what prescan has let pass; the source outlives the result. LIMIT: too many parts or levels. */
enum status mime_parse(
    struct mime **mime, struct source *source, const struct limits *limits, struct err *err);
/* The i-th leaf, NULL behind the last. */
const struct leaf *mime_leaf(const struct mime *mime, size_t i);
/* A field of the outermost header, unfolded, in UTF-8; missing when there is none. */
struct str mime_header(struct mime *mime, const char *name);
/* The i-th field of the outermost header as it came; false behind the last. */
bool mime_field(const struct mime *mime, size_t i, struct str *name, struct str *value);
void mime_free(struct mime *mime);

#endif
