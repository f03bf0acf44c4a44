/*
 * imap_read: what an IMAP server says (RFC 9051 section 9, RFC 3501), token by token out of bytes that come
 * in pieces of any size. Knows nothing of connections and commands, and believes nothing: every length has
 * its limit.
 */
#ifndef DMARCQ_MAILBOX_IMAP_READ_H
#define DMARCQ_MAILBOX_IMAP_READ_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	IMAP_LINE = 65536, /* bytes of one answer, literals apart: servers stay below 10 KB */
	IMAP_TEXT = 1024,  /* kept of one token */
	IMAP_CHUNK = 16384,
};
/* The same of an answer to SEARCH, which is one line however many mails there are: ten million of them. */
#define IMAP_LINE_SEARCH UINT64_C(110000000)

enum imap_token {
	IMAP_ATOM,    /* a word, number, flag or "BODY[HEADER.FIELDS (A B)]<0>" */
	IMAP_STRING,  /* quoted; text is what is in the quotes */
	IMAP_LITERAL, /* its bytes come by imap_read_literal, all of them before the next token */
	IMAP_OPEN,
	IMAP_CLOSE,
	IMAP_END, /* of the answer */
};

struct imap_reader {
	/* Puts at least one and at most size more bytes into to. */
	enum status (*more)(void *data, unsigned char *to, size_t size, size_t *len, struct err *err);
	void *data;
	uint64_t literal_max; /* a longer literal is refused before a byte of it is read */
	uint64_t line_max;    /* IMAP_LINE again behind each answer */
	/* Of the last token; cut at IMAP_TEXT, which is_cut tells. */
	struct str text;
	bool is_cut;
	uint64_t literal; /* bytes of it that are still to come */
	/* Private. */
	unsigned char bytes[IMAP_CHUNK];
	size_t start, end;
	uint64_t line;
	bool needs_gap;
	char kept[IMAP_TEXT];
};

void imap_reader_init(struct imap_reader *reader,
    enum status (*more)(void *data, unsigned char *to, size_t size, size_t *len, struct err *err), void *data,
    uint64_t literal_max);

/*
 * The next token of the answer; blanks before it are left out. BAD: the bytes are none. LIMIT: the answer is
 * longer than line_max, or the literal than literal_max. Neither leaves anything that could be read on.
 * Else what more says.
 */
enum status imap_read(struct imap_reader *reader, enum imap_token *token, struct err *err);
/* More bytes of the literal, borrowed until the next call; *len 0 behind the last one. */
enum status imap_read_literal(
    struct imap_reader *reader, const unsigned char **bytes, size_t *len, struct err *err);
/* The rest of the line as text, for people: quotes, brackets and braces mean nothing in it. The answer ends.
 */
enum status imap_read_text(struct imap_reader *reader, struct err *err);
/* Leaves out the rest of the answer, with what is nested and literal in it. */
enum status imap_read_past(struct imap_reader *reader, struct err *err);
/*
 * A set of numbers ("1:3,7") of any length, range by range with first <= last, up to the blank or the end
 * behind it. BAD: there is none.
 */
enum status imap_read_set(struct imap_reader *reader, void (*take)(void *to, uint32_t first, uint32_t last),
    void *to, struct err *err);
/* Whether the next byte is already here, so that imap_read has something to work on. */
bool imap_has_input(const struct imap_reader *reader);

#endif
