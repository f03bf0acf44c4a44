/*
 * parse: documents of a stream, one behind the other. Each is read as it is; the first that is not
 * well-formed is read again from its first byte through mend, and so is all that follows it.
 */
#include "parse/parse.h"

#include "base/mem.h"
#include "parse/aggregate.h"
#include "parse/decode.h"
#include "parse/mend.h"
#include "parse/xml.h"

#include <stdlib.h>
#include <string.h>

struct parser {
	const struct limits *limits;
	struct aggregate *aggregate;
	struct xml *xml;
};

/* One call of parser_read. */
struct reading {
	struct parser *parser;
	struct stream *from;
	const struct sink *sink;
	const unsigned char *chunk; /* what is left of the chunk */
	size_t chunk_len;
	uint64_t offset; /* of chunk in the stream */
	uint64_t documents, reports;
	size_t lines; /* before the document that is read next, while they are read as they are */
	struct mend *mend;
	struct err hollow; /* BAD: of the last report that was cut before it said anything */
};

struct parser *
parser_new(const struct limits *limits, uint64_t seed)
{
	struct parser *parser = mem_zero(1, sizeof *parser);

	parser->limits = limits;
	parser->aggregate = aggregate_new(limits, seed);
	parser->xml = xml_new(limits, &aggregate_events, parser->aggregate);
	aggregate_attach(parser->aggregate, parser->xml);
	return parser;
}

void
parser_free(struct parser *parser)
{
	if (parser == NULL)
		return;
	xml_free(parser->xml);
	aggregate_free(parser->aggregate);
	free(parser);
}

static enum status
chunk_next(struct reading *reading, struct err *err)
{
	return stream_next(reading->from, &reading->chunk, &reading->chunk_len, err);
}

static void
chunk_take(struct reading *reading, size_t n)
{
	reading->chunk += n;
	reading->chunk_len -= n;
	reading->offset += n;
}

static enum status
document_begin(struct reading *reading, size_t lines, struct err *err)
{
	const struct limits *limits = reading->parser->limits;

	if (reading->documents++ >= limits->documents)
		return err_set(err, LIMIT, "more than %llu documents (limit documents)",
		    (unsigned long long)limits->documents);
	xml_begin(reading->parser->xml, lines);
	aggregate_begin(reading->parser->aggregate, reading->sink);
	return OK;
}

/* A whole or cut document; what is no report (a lone schema) is passed over. */
static void
document_end(struct reading *reading, bool cut)
{
	if (!aggregate_is_report(reading->parser->aggregate))
		return;
	aggregate_end(reading->parser->aggregate, cut);
	reading->reports++;
}

static bool
is_filler(unsigned char c)
{
	return c == 0 || text_is_blank((char)c);
}

/* Passes blanks and NULs; true when something stands behind them. */
static enum status
pass_filler(struct reading *reading, bool *more, struct err *err)
{
	const uint64_t most = reading->parser->limits->xml_blanks, start = reading->offset;
	enum status status;
	size_t n;

	for (;;) {
		if (reading->chunk_len == 0) {
			status = chunk_next(reading, err);
			*more = false;
			if (status != OK || reading->chunk_len == 0)
				return status;
		}
		for (n = 0; n < reading->chunk_len && is_filler(reading->chunk[n]); n++)
			reading->lines += reading->chunk[n] == '\n';
		chunk_take(reading, n);
		if (reading->offset - start > most)
			return err_set(err, LIMIT,
			    "more than %llu blanks between documents (limit xml-blanks)",
			    (unsigned long long)most);
		*more = reading->chunk_len > 0;
		if (*more)
			return OK;
	}
}

/* Feeds one document as it is. */
static enum xml_state
feed_plain(struct reading *reading, struct err *err)
{
	enum xml_state state;
	size_t used;

	for (;;) {
		if (reading->chunk_len == 0 && chunk_next(reading, err) != OK)
			return XML_STOPPED;
		if (reading->chunk_len == 0)
			return xml_finish(reading->parser->xml, err);
		state = xml_feed(
		    reading->parser->xml, (const char *)reading->chunk, reading->chunk_len, &used, err);
		chunk_take(reading, used);
		if (state != XML_MORE)
			return state;
	}
}

/* Reads documents as they are until the end (*at: all read) or until one needs mending (*at: where it
 * begins). */
static enum status
read_plain(struct reading *reading, uint64_t *at, bool *mend, struct err *err)
{
	enum xml_state state;
	enum status status;
	bool more, leading;

	for (;;) {
		*mend = false;
		status = pass_filler(reading, &more, err);
		*at = reading->offset;
		if (status != OK || !more)
			return status;
		/* Behind a document, anything but another one is looked for by mend. */
		*mend = reading->documents > 0 &&
			(reading->chunk_len < 5 || reading->chunk[0] != '<' || reading->chunk[1] == '!');
		if (*mend)
			return OK;
		if (reading->documents > 0)
			document_end(reading, false);
		leading = reading->documents == 0 && reading->offset > 0;
		status = document_begin(reading, reading->lines, err);
		if (status != OK)
			return status;
		if (leading)
			aggregate_note(reading->parser->aggregate, REPAIR_LEADING, str_of(NULL));
		state = feed_plain(reading, err);
		if (state == XML_STOPPED) {
			aggregate_abort(reading->parser->aggregate);
			return err->status;
		}
		/* The end may be missing because of a '&' that the XML library is still waiting at. */
		*mend = state == XML_MALFORMED || state == XML_MORE;
		if (*mend) {
			aggregate_abort(reading->parser->aggregate);
			reading->documents--;
			return OK;
		}
		reading->lines = xml_line(reading->parser->xml) - 1;
	}
}

static void
on_mend(void *data, enum repair repair, struct str value)
{
	const struct reading *reading = data;

	aggregate_note_at(
	    reading->parser->aggregate, repair, value, mend_line(reading->mend), mend_column(reading->mend));
}

static void
note_decoding(struct reading *reading, const struct decoder *decoder)
{
	struct aggregate *aggregate = reading->parser->aggregate;

	if (decoder_was_misdeclared(decoder))
		aggregate_note(aggregate, REPAIR_ENCODING, str_of(NULL));
	if (decoder_had_bad_bytes(decoder))
		aggregate_note(aggregate, REPAIR_BAD_BYTES, str_of(NULL));
	if (decoder_had_controls(decoder))
		aggregate_note(aggregate, REPAIR_CONTROL, str_of(NULL));
}

/* Feeds one mended document. */
static enum xml_state
feed_mended(struct reading *reading, struct mend *mend, struct err *err)
{
	enum xml_state state;
	struct str text;
	bool closed;
	size_t used;

	for (;;) {
		if (mend_next(mend, &text, &closed, err) != OK) {
			(void)err_at(err, "%zu:%zu", mend_line(mend), mend_column(mend));
			return XML_STOPPED;
		}
		if (text.len == 0)
			return xml_finish(reading->parser->xml, err);
		state = xml_feed(reading->parser->xml, text.data, text.len, &used, err);
		if (state != XML_MORE)
			return state;
	}
}

/* A report of which nothing is left that could be stored: what stands behind it is read all the same. */
static enum status
pass_hollow(struct reading *reading, const struct mend *mend)
{
	aggregate_abort(reading->parser->aggregate);
	(void)err_set(
	    &reading->hollow, BAD, "the report is cut short before its policy domain and its first record");
	(void)err_at(&reading->hollow, "%zu:%zu", mend_line(mend), mend_column(mend));
	return OK;
}

/* One mended document, from where mend stands; *whole tells whether its root element was closed. */
static enum status
read_mended_document(struct reading *reading, struct mend *mend, bool leading, bool *whole, struct err *err)
{
	enum status status = document_begin(reading, mend_line(mend) - 1, err);
	enum xml_state state;

	if (status != OK)
		return status;
	if (leading)
		aggregate_note(reading->parser->aggregate, REPAIR_LEADING, str_of(NULL));
	state = feed_mended(reading, mend, err);
	*whole = state == XML_DONE;
	if (state == XML_MORE && aggregate_is_hollow(reading->parser->aggregate))
		return pass_hollow(reading, mend);
	if (state == XML_DONE || (state == XML_MORE && aggregate_is_report(reading->parser->aggregate)))
		return OK;
	aggregate_abort(reading->parser->aggregate);
	return state == XML_MORE ? err_set(err, BAD, "the document ends before <feedback>") : err->status;
}

static enum status
read_mended_all(struct reading *reading, struct decoder *decoder, struct mend *mend, struct err *err)
{
	bool junk, whole = true, behind = reading->documents > 0, leading = false;
	enum status status;

	for (;;) {
		status = mend_find(mend, !behind, &junk, err);
		if (behind) {
			if (junk)
				aggregate_note(reading->parser->aggregate, REPAIR_TRAILING, str_of(NULL));
			note_decoding(reading, decoder);
			document_end(reading, !whole);
		} else
			leading = junk;
		if (status != OK)
			return status == SKIP && behind ? OK
			       : status == SKIP         ? err_set(err, BAD, "no XML element found")
							: status;
		status = read_mended_document(reading, mend, leading, &whole, err);
		if (status != OK)
			return status;
		leading = false;
		behind = true;
	}
}

/* Goes back to an offset of the stream. */
static enum status
go_to(struct reading *reading, uint64_t at, struct err *err)
{
	enum status status = stream_rewind(reading->from, err);
	size_t n;

	reading->offset = 0;
	reading->chunk_len = 0;
	while (status == OK && reading->offset < at) {
		if (reading->chunk_len == 0) {
			status = chunk_next(reading, err);
			if (status != OK || reading->chunk_len == 0)
				break;
		}
		n = at - reading->offset < reading->chunk_len ? (size_t)(at - reading->offset)
							      : reading->chunk_len;
		chunk_take(reading, n);
	}
	return status;
}

static enum status
read_mended(struct reading *reading, uint64_t at, struct err *err)
{
	struct decoder *decoder = NULL;
	struct mend *mend = NULL;
	enum status status = go_to(reading, at, err);

	if (status == OK && reading->chunk_len == 0)
		status = chunk_next(reading, err);
	if (status != OK)
		return status;
	decoder = decoder_open(reading->from, reading->chunk, reading->chunk_len);
	decoder_give(decoder, reading->chunk, reading->chunk_len);
	mend = mend_open(decoder, reading->parser->limits, on_mend, reading);
	reading->mend = mend;
	mend_skip_lines(mend, reading->lines);
	status = read_mended_all(reading, decoder, mend, err);
	mend_close(mend);
	decoder_close(decoder);
	return status;
}

enum status
parser_read(struct parser *parser, struct stream *from, const struct sink *sink, struct err *err)
{
	struct reading reading = {.parser = parser, .from = from, .sink = sink};
	const unsigned char *head;
	enum status status;
	uint64_t at = 0;
	bool mend;
	size_t len;

	status = stream_peek(from, &head, &len, err);
	if (status != OK)
		return status;
	mend = !decode_is_plain(head, len);
	if (!mend)
		status = read_plain(&reading, &at, &mend, err);
	if (status == OK && mend)
		status = read_mended(&reading, at, err);
	else if (status == OK)
		document_end(&reading, false);
	/* A document that stood whole before damaged bytes is as doubtful as they are. */
	if (status != OK)
		aggregate_abort(parser->aggregate);
	if (status == OK && reading.hollow.status == BAD) {
		*err = reading.hollow;
		return BAD;
	}
	if (status == OK && reading.reports == 0)
		return err_set(err, SKIP, "not a DMARC report");
	return status;
}
