/*
 * mend: a tokenizer with a stack of open tags. It takes a token at a time from decoded text; a '<' or '&'
 * that starts no token is text. The XML library sees only what comes out here.
 */
#include "parse/mend.h"

#include "base/buf.h"
#include "base/mem.h"
#include "parse/tag.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW = 65536, PIECE = 16384 };

struct mend {
	struct decoder *decoder;
	const struct limits *limits;
	mend_note *note;
	void *data;
	struct buf in; /* decoded, from at on not yet taken */
	size_t at;
	bool in_end;
	struct buf out;
	struct buf names; /* of the open tags, each with a NUL */
	size_t *open;     /* where each begins */
	size_t depth;
	size_t lines;     /* line ends taken so far, of the whole text */
	size_t column;    /* bytes taken of the line */
	bool closed, cut; /* the root element is closed; another document begins before it is */
	bool leaf;        /* nothing but text since the last start tag */
	bool missing[3];  /* the end of a comment, CDATA section or instruction isn't in what is decoded */
};

enum ending { END_COMMENT, END_CDATA, END_INSTRUCTION };

struct mend *
mend_open(struct decoder *decoder, const struct limits *limits, mend_note *note, void *data)
{
	struct mend *mend = mem_zero(1, sizeof *mend);

	mend->decoder = decoder;
	mend->limits = limits;
	mend->note = note;
	mend->data = data;
	mend->open = mem_zero((size_t)limits->xml_depth + 1, sizeof *mend->open);
	buf_init(&mend->in, WINDOW * 8 + (size_t)limits->xml_tag_bytes * 2);
	buf_init(&mend->out, PIECE * 8 + (size_t)limits->xml_tag_bytes * 8);
	buf_init(&mend->names, ((size_t)limits->xml_depth + 1) * TAG_NAME_ROOM);
	return mend;
}

void
mend_skip_lines(struct mend *mend, size_t lines)
{
	mend->lines += lines;
}

size_t
mend_line(const struct mend *mend)
{
	return mend->lines + 1;
}

size_t
mend_column(const struct mend *mend)
{
	return mend->column + 1;
}

void
mend_close(struct mend *mend)
{
	if (mend == NULL)
		return;
	buf_free(&mend->in);
	buf_free(&mend->out);
	buf_free(&mend->names);
	free(mend->open);
	free(mend);
}

static const char *
here(const struct mend *mend)
{
	return (const char *)mend->in.data + mend->at;
}

static size_t
left(const struct mend *mend)
{
	return mend->in.len - mend->at;
}

/* Goes on in what is decoded, counting lines. */
static void
advance(struct mend *mend, size_t n)
{
	const char *from = here(mend), *end = from + n;

	mend->column += n;
	while ((from = memchr(from, '\n', (size_t)(end - from))) != NULL) {
		mend->lines++;
		mend->column = (size_t)(end - ++from);
	}
	mend->at += n;
}

/* Makes at least WINDOW bytes or all the rest available. */
static enum status
fill(struct mend *mend, struct err *err)
{
	enum status status;
	struct str text;

	if (mend->in_end || left(mend) >= WINDOW)
		return OK;
	if (mend->at > 0) {
		memmove(mend->in.data, mend->in.data + mend->at, left(mend));
		mend->in.len -= mend->at;
		mend->at = 0;
	}
	while (!mend->in_end && left(mend) < WINDOW + mend->limits->xml_tag_bytes) {
		status = decoder_next(mend->decoder, &text, err);
		if (status != OK)
			return status;
		mend->in_end = text.len == 0;
		memset(mend->missing, 0, sizeof mend->missing);
		if (!buf_add(&mend->in, text.data, text.len))
			return err_set(err, LIMIT, "a piece of text is too long");
	}
	return OK;
}

static void
note(struct mend *mend, enum repair repair, const char *value, size_t len)
{
	struct str str = {value, len};

	mend->note(mend->data, repair, str);
}

/*
 * Length of a token up to and with its end, 0 when that isn't there. What is not there is looked for once, or
 * a file full of beginnings would take quadratic time.
 */
static size_t
until(struct mend *mend, enum ending ending)
{
	static const char *const ends[] = {"-->", "]]>", "?>"};
	size_t n = strlen(ends[ending]);
	const char *found = NULL;

	if (!mend->missing[ending])
		found = memmem(here(mend), left(mend), ends[ending], n);
	mend->missing[ending] = found == NULL;
	return found == NULL ? 0 : (size_t)(found - here(mend)) + n;
}

static bool
starts(const struct mend *mend, const char *text)
{
	size_t n = strlen(text);

	return left(mend) >= n && text_find_nocase(here(mend), n, text) == 0;
}

/* True at "<feedback" with any prefix, or at an XML declaration. */
static bool
at_document(const struct mend *mend)
{
	size_t n;
	struct str local;

	if (left(mend) > 5 && starts(mend, "<?xml") && text_is_blank(here(mend)[5]))
		return true;
	if (left(mend) < 2 || here(mend)[0] != '<')
		return false;
	n = tag_name_length(here(mend) + 1, left(mend) - 1);
	local = tag_local_name(here(mend) + 1, n);
	return text_same_nocase(local.data, local.len, "feedback");
}

static bool
seek_document(struct mend *mend, bool *junk)
{
	size_t comment;

	while (left(mend) > 0) {
		if (at_document(mend))
			return true;
		if (starts(mend, "<!--") && (comment = until(mend, END_COMMENT)) > 0) {
			advance(mend, comment);
			continue;
		}
		*junk = *junk || !text_is_blank(here(mend)[0]);
		advance(mend, 1);
		if (left(mend) < TAG_NAME_ROOM && !mend->in_end)
			return false;
	}
	return false;
}

/* The first thing that looks like a tag. */
static bool
seek_element(struct mend *mend)
{
	for (; left(mend) > 1; advance(mend, 1))
		if (here(mend)[0] == '<' && (tag_name_starts(here(mend)[1]) || here(mend)[1] == '!'))
			return true;
	return false;
}

enum status
mend_find(struct mend *mend, bool first, bool *junk, struct err *err)
{
	enum status status;
	bool found;
	size_t start, lines, column;

	mend->depth = 0;
	mend->closed = mend->cut = mend->leaf = false;
	buf_clear(&mend->names);
	*junk = false;
	do {
		status = fill(mend, err);
		if (status != OK)
			return status;
		start = mend->at;
		lines = mend->lines;
		column = mend->column;
		found = seek_document(mend, junk);
		if (!found && first) {
			mend->at = start;
			mend->lines = lines;
			mend->column = column;
			found = seek_element(mend);
		}
	} while (!found && !first && !(mend->in_end && left(mend) == 0));
	return found ? OK : err_set(err, SKIP, "no XML element found");
}

static void
put(struct mend *mend, const char *text, size_t len)
{
	(void)buf_add(&mend->out, text, len);
}

static void
put_text(struct mend *mend, const char *text)
{
	put(mend, text, strlen(text));
}

/* Leaves bytes out; their line ends stay, so that lines keep their numbers. */
static void
leave_out(struct mend *mend, size_t n)
{
	size_t before = mend->lines;

	advance(mend, n);
	for (; before < mend->lines; before++)
		put(mend, "\n", 1);
}

static void
stray(struct mend *mend, const char *instead)
{
	size_t len = left(mend) < 16 ? left(mend) : 16;

	note(mend, REPAIR_STRAY, here(mend), len);
	if (mend->depth > 0)
		put_text(mend, instead);
	advance(mend, 1);
}

static void
take_ampersand(struct mend *mend)
{
	size_t n = tag_reference_length(here(mend), left(mend));

	if (n == 0) {
		stray(mend, "&amp;");
		return;
	}
	put(mend, here(mend), n);
	advance(mend, n);
}

static const char *
open_name(const struct mend *mend, size_t level)
{
	return (const char *)mend->names.data + mend->open[level];
}

static void
pop(struct mend *mend)
{
	const char *name = open_name(mend, mend->depth - 1);

	put_text(mend, "</");
	put_text(mend, name);
	put_text(mend, ">");
	mend->names.len = mend->open[--mend->depth];
	mend->closed = mend->depth == 0;
}

static void
take_end_tag(struct mend *mend)
{
	size_t n = tag_name_length(here(mend) + 2, left(mend) - 2), level, end = n + 2;
	const char *name = here(mend) + 2;
	struct str local = tag_local_name(name, n);

	if (n == 0) {
		stray(mend, "&lt;");
		return;
	}
	while (end < left(mend) && text_is_blank(here(mend)[end]))
		end++;
	if (end < left(mend) && here(mend)[end] == '>')
		end++;
	else
		note(mend, REPAIR_TAGS, name, n);
	for (level = mend->depth; level > 0; level--)
		if (text_same_nocase(local.data, local.len, open_name(mend, level - 1)))
			break;
	/* Behind a text, an end tag that belongs to nothing is a misspelt one of that text; never of the
	 * root. */
	if (level == 0 && mend->leaf && mend->depth > 1) {
		note(mend, REPAIR_TAGS, name, n);
		level = mend->depth;
	} else if (level == 0 || level < mend->depth ||
		   strncmp(open_name(mend, level - 1), local.data, local.len) != 0)
		note(mend, REPAIR_TAGS, name, n);
	if (level > 0)
		while (mend->depth >= level)
			pop(mend);
	mend->leaf = false;
	leave_out(mend, end);
}

/* True when the input ends inside the first tag of a document, which may be "<feedback". */
static bool
is_cut_root(const struct mend *mend)
{
	size_t n = tag_name_length(here(mend) + 1, left(mend) - 1);
	struct str local = tag_local_name(here(mend) + 1, n);
	char whole[] = "feedback";

	if (mend->depth > 0 || !mend->in_end)
		return false;
	if (local.len > strlen(whole) || (local.len < strlen(whole) && n + 1 < left(mend)))
		return false;
	whole[local.len] = '\0';
	return text_same_nocase(local.data, local.len, whole) && memchr(here(mend), '>', left(mend)) == NULL;
}

static enum status
take_start_tag(struct mend *mend, struct err *err)
{
	const char *name = here(mend) + 1;
	struct str local;
	struct tag tag;

	if (is_cut_root(mend))
		return err_set(err, BAD, "the document ends inside its first tag");
	if (!tag_read(&tag, here(mend), left(mend))) {
		stray(mend, "&lt;");
		return OK;
	}
	local = tag_local_name(name, tag.name);
	if (mend->depth == 0 && text_same_nocase(local.data, local.len, "schema")) {
		note(mend, REPAIR_SCHEMA, NULL, 0);
		leave_out(mend, tag.end);
		return OK;
	}
	if (mend->depth >= mend->limits->xml_depth)
		return err_set(err, LIMIT, "more than %llu nested elements (limit xml-depth)",
		    (unsigned long long)mend->limits->xml_depth);
	/* Prefixes go, so that an undeclared one is no trouble; the format is told by local names alone. */
	mend->open[mend->depth++] = mend->names.len;
	(void)buf_add(&mend->names, local.data, local.len);
	(void)buf_add(&mend->names, "", 1);
	put_text(mend, "<");
	put(mend, local.data, local.len);
	tag_put_attribute(&mend->out, "xmlns", tag.space);
	tag_put_attribute(&mend->out, "lang", tag.lang);
	put_text(mend, ">");
	leave_out(mend, tag.end);
	mend->leaf = !tag.empty;
	if (tag.empty)
		pop(mend);
	return OK;
}

static enum status
take_bang(struct mend *mend, struct err *err)
{
	bool comment = starts(mend, "<!--"), data = starts(mend, "<![CDATA[");
	size_t n = comment ? until(mend, END_COMMENT) : data ? until(mend, END_CDATA) : 0;
	long html;

	if (n > 0) {
		if (data)
			tag_put_escaped(&mend->out, here(mend) + 9, n - 12);
		if (data)
			advance(mend, n);
		else
			leave_out(mend, n);
		return OK;
	}
	if (starts(mend, "<!DOCTYPE")) {
		html = text_find_nocase(here(mend), left(mend) < 20 ? left(mend) : 20, "html");
		return html > 0 ? err_set(err, SKIP, "not a DMARC report: DOCTYPE html")
				: err_set(err, BAD, "DOCTYPE is not allowed");
	}
	stray(mend, "&lt;");
	return OK;
}

static enum status
take_markup(struct mend *mend, struct err *err)
{
	char next = left(mend) > 1 ? here(mend)[1] : '\0';
	size_t n;

	/* The start of a document inside another means that the other was cut off. */
	if (mend->depth > 0 && at_document(mend)) {
		mend->cut = true;
		return OK;
	}
	if (next == '/') {
		take_end_tag(mend);
		return OK;
	}
	if (next == '!')
		return take_bang(mend, err);
	if (next == '?' && (n = until(mend, END_INSTRUCTION)) > 0) {
		leave_out(mend, n);
		return OK;
	}
	return take_start_tag(mend, err);
}

/* A '>' is written as "&gt;", because "]]>" may not stand in a text (XML 1.0 s. 2.4). */
static void
take_text(struct mend *mend)
{
	const char *text = here(mend);
	size_t n = 0;

	while (n < left(mend) && n < PIECE && text[n] != '<' && text[n] != '&' && text[n] != '>')
		n++;
	if (mend->depth == 0) {
		leave_out(mend, n > 0 ? n : 1);
		return;
	}
	if (n > 0)
		put(mend, text, n);
	else
		put_text(mend, "&gt;");
	advance(mend, n > 0 ? n : 1);
}

enum status
mend_next(struct mend *mend, struct str *text, bool *closed, struct err *err)
{
	enum status status;

	buf_clear(&mend->out);
	while (!mend->closed && !mend->cut && mend->out.len < PIECE) {
		status = fill(mend, err);
		if (status != OK)
			return status;
		if (left(mend) == 0)
			break;
		if (here(mend)[0] == '<') {
			status = take_markup(mend, err);
			if (status != OK)
				return status;
		} else if (here(mend)[0] == '&' && mend->depth > 0)
			take_ampersand(mend);
		else if (here(mend)[0] == '&')
			advance(mend, 1);
		else
			take_text(mend);
	}
	*closed = mend->closed;
	text->data = (const char *)mend->out.data;
	text->len = mend->out.len;
	return OK;
}
