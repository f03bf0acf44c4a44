/* walk_letter: a mail in which no report was found: what it is. Private to this folder. */
#ifndef DMARCQ_INGEST_WALK_LETTER_H
#define DMARCQ_INGEST_WALK_LETTER_H

#include "ingest/walking.h"
#include "message/message.h"
#include "parse/letter.h"

/* What was seen of a mail's parts. */
struct walk_letter {
	bool delivery_status, has_text, is_lost;
	struct lost lost;
	struct arena arena;
};

/* walk_letter_free is due. */
void walk_letter_init(struct walk_letter *letter);
/* Looks at a part, whose stream is at its start and is again afterwards. */
void walk_letter_part(struct walk_letter *letter, const struct part *part);
/* The mail ended without a report: hands over what it is. */
void walk_letter_end(struct walk *walk, struct message *message, const struct walk_letter *letter);
void walk_letter_free(struct walk_letter *letter);

#endif
