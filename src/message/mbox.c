/*
 * mbox: the mails of an mbox file one by one, each spooled, in flat memory however long the file and its
 * lines are. A "From " line is taken for a separator only when it carries a time of day or a header field
 * follows, because not every writer of mbox files escapes the sentences of a body that begin like one.
 */
#include "base/mem.h"
#include "message/message.h"

#include <stdlib.h>
#include <string.h>

enum {
	WINDOW = 2 * STREAM_CHUNK, /* bytes held: a longer line is passed on in pieces */
	AHEAD = 4096,              /* bytes wanted behind the start of a line before it is judged */
};

struct mbox {
	struct stream *from;
	const struct limits *limits;
	struct stream *mail;
	struct spool spool;
	const unsigned char *more; /* of the chunk below, not yet in the window */
	size_t more_len;
	size_t at, len; /* what the window holds and is not yet used */
	size_t run;     /* bytes before at that belong to the mail and are not yet in the spool */
	bool input_ended;
	bool line_start;  /* at is at the start of a line */
	bool after_empty; /* the line before was empty, or there was none */
	bool first;       /* nothing was used yet */
	unsigned char window[WINDOW];
};

enum status
mbox_open(struct mbox **mbox, struct stream *from, const struct limits *limits, struct err *err)
{
	struct mbox *self = mem_alloc(sizeof *self);

	(void)err;
	memset(self, 0, offsetof(struct mbox, window));
	self->from = from;
	self->limits = limits;
	spool_init(&self->spool);
	self->line_start = self->after_empty = self->first = true;
	*mbox = self;
	return OK;
}

/* At least AHEAD bytes in the window, or all that is left. */
static enum status
look_ahead(struct mbox *self, struct err *err)
{
	enum status status;
	size_t n;

	if (self->len >= AHEAD || self->input_ended)
		return OK;
	memmove(self->window, self->window + self->at, self->len);
	self->at = 0;
	while (self->len < sizeof self->window) {
		if (self->more_len == 0) {
			status = stream_next(self->from, &self->more, &self->more_len, err);
			self->input_ended = status != OK || self->more_len == 0;
			if (status != OK)
				self->len = 0;
			if (self->input_ended)
				return status;
		}
		n = sizeof self->window - self->len;
		if (n > self->more_len)
			n = self->more_len;
		memcpy(self->window + self->len, self->more, n);
		self->len += n;
		self->more += n;
		self->more_len -= n;
	}
	return OK;
}

/* The rest of the line, with its end if that is in the window. */
static struct str
line_here(const struct mbox *self)
{
	const unsigned char *start = self->window + self->at;
	const unsigned char *end = memchr(start, '\n', self->len);

	return (struct str){(const char *)start, end != NULL ? (size_t)(end - start) + 1 : self->len};
}

static void
use_line(struct mbox *self, struct str line)
{
	bool ended = line.len > 0 && line.data[line.len - 1] == '\n';

	self->after_empty = self->line_start && str_trim(line).len == 0;
	self->line_start = ended;
	self->at += line.len;
	self->len -= line.len;
	self->first = false;
}

static bool
starts(struct str line, const char *with)
{
	return line.len >= strlen(with) && memcmp(line.data, with, strlen(with)) == 0;
}

static bool
is_field(struct str line)
{
	size_t i = 0;

	while (i < line.len && line.data[i] > ' ' && line.data[i] < 127 && line.data[i] != ':')
		i++;
	return i > 0 && i < line.len && line.data[i] == ':';
}

/* True when a separator stands at the start of the window (RFC 4155 appendix A). */
static bool
at_separator(const struct mbox *self)
{
	struct str line = line_here(self), next;
	const char *end;

	if (!self->line_start || !self->after_empty)
		return false;
	if (!starts(line, "From ") && !(self->first && starts(line, ">From ")))
		return false;
	next.data = line.data + line.len;
	next.len = self->len - line.len;
	end = next.len > 0 ? memchr(next.data, '\n', next.len) : NULL;
	if (end != NULL)
		next.len = (size_t)(end - next.data);
	return str_has_time(line) || is_field(next) || starts(next, ">From ");
}

static enum status
spool_run(struct mbox *self, bool into, struct err *err)
{
	const struct limits *limits = self->limits;
	size_t run = self->run;
	enum status status;

	self->run = 0;
	if (!into)
		return OK;
	status = spool_add(
	    &self->spool, self->window + self->at - run, run, limits->spool_memory, limits->mail_bytes, err);
	if (status == LIMIT)
		return err_set(err, LIMIT, "mail of more than %llu bytes (limit mail-bytes)",
		    (unsigned long long)limits->mail_bytes);
	return status;
}

/* How many '>' stand before a "From " at the start of the line. */
static size_t
quotes_of(struct str line)
{
	size_t quotes = 0;

	while (quotes < line.len && line.data[quotes] == '>')
		quotes++;
	return starts((struct str){line.data + quotes, line.len - quotes}, "From ") ? quotes : 0;
}

/* Uses up what stands before the next separator; as a mail into the spool when into is true. */
static enum status
to_separator(struct mbox *self, bool into, struct err *err)
{
	enum status status = OK;
	bool body = false, quoted;
	struct str line;

	for (;;) {
		/* The window is about to move. */
		if (self->len < AHEAD)
			status = spool_run(self, into, err);
		if (status == OK)
			status = look_ahead(self, err);
		if (status != OK)
			return status;
		if (self->len == 0 || at_separator(self))
			return spool_run(self, into, err);
		line = line_here(self);
		quoted = body && self->line_start && quotes_of(line) > 0;
		if (quoted) {
			status = spool_run(self, into, err);
			if (status != OK)
				return status;
		}
		use_line(self, line);
		self->run += line.len - quoted;
		body = body || self->after_empty;
	}
}

/* Over the separator, which may be longer than the window. */
static enum status
skip_separator(struct mbox *self, struct err *err)
{
	enum status status;

	do {
		use_line(self, line_here(self));
		status = look_ahead(self, err);
	} while (status == OK && !self->line_start && self->len > 0);
	return status;
}

enum status
mbox_next(struct mbox *mbox, struct stream **mail, struct err *err)
{
	enum status status;

	stream_close(mbox->mail);
	mbox->mail = *mail = NULL;
	spool_clear(&mbox->spool);
	mbox->run = 0;
	status = to_separator(mbox, false, err);
	if (status == OK && mbox->len == 0)
		return SKIP;
	if (status == OK)
		status = skip_separator(mbox, err);
	if (status == OK)
		status = to_separator(mbox, true, err);
	if (status != OK)
		return status;
	mbox->mail = *mail = spool_stream(&mbox->spool);
	return OK;
}

void
mbox_close(struct mbox *mbox)
{
	if (mbox == NULL)
		return;
	stream_close(mbox->mail);
	spool_free(&mbox->spool);
	free(mbox);
}
