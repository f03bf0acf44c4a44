/* rows: rows of mail in short, for the tests of mail.h. */
#ifndef DMARCQ_TESTS_UNIT_ROWS_H
#define DMARCQ_TESTS_UNIT_ROWS_H

#include "analysis/mail.h"

enum { AS_OF = 20000, RESULTS = 3 };

/* A record in short: "pf" of the receiver, and results as "d example.com s1 pass", "s example.com pass". */
struct sort {
	const char *from, *said;
	const char *results[RESULTS][4];
	const char *reason;
};
/* Mail of the domain's own servers that passes, whose signature is broken, that SPF alone passes and that
 * somebody passed on; mail that another domain authenticates; forged mail. */
extern const struct sort own, own_broken, own_spf, forwarded, other, forged;

struct given {
	const struct sort *sort;
	const char *ip;
	int before; /* days before AS_OF */
	uint64_t messages;
	const char *org;
};

/* The mail of example.com, with so many sources of a kind. */
struct mail *rows_start(size_t most);
void rows_finish(struct mail *mail);
/* Learns a row or adds it: the flow that it was counted in. */
uint32_t rows_put(struct mail *mail, const struct given *given, bool learn);
/* All rows are learnt, then added, in this order or the other. */
const struct mail_view *rows_all(struct mail *mail, const struct given *rows, size_t count, bool backwards);
#define ALL(mail, rows) rows_all(mail, rows, sizeof(rows) / sizeof *(rows), false)

/* A text for snprintf and strcmp, until the next call; "all others" for none. */
const char *rows_text(struct str text);
const struct mail_source *rows_source(const struct mail_view *view, const char *name);
/* Messages of a source and class. */
uint64_t rows_messages(const struct mail_view *view, const char *name, enum mail_class class);

#endif
