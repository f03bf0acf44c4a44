/*
 * zip: the members of a zip archive, by libarchive's streaming reader: it needs no central directory, so a
 * file cut short gives what it has, and memory does not grow with the number of members. Damage that ends
 * libarchive's reader costs one member: another reader goes on at the next local header. libarchive's other
 * formats and filters stay off, and of the compression methods only those that real archives use and that
 * need little memory.
 */
#include "base/mem.h"
#include "unpack/budget.h"
#include "unpack/feed.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct zip {
	struct stream member; /* first, so that a stream can be read back as its zip */
	struct feed feed;
	struct unpack_budget *budget;
	struct archive *archive;
	uint64_t start;    /* byte at which archive began to read */
	uint64_t position; /* headers read since then */
	uint64_t counted;  /* bytes that the member took from the budget */
	size_t len;        /* bytes in chunk */
	const void *block; /* libarchive's, not yet copied */
	size_t block_len;
	bool broken, dead; /* archive reads no further; nothing more comes out */
	bool ended, cut, whole, delivered;
	char name[1024];
	unsigned char chunk[STREAM_CHUNK];
};

static la_ssize_t
read_below(struct archive *archive, void *zip, const void **data)
{
	struct zip *self = zip;
	const unsigned char *bytes;
	size_t len;

	if (feed_next(&self->feed, &bytes, &len) != OK) {
		archive_set_error(archive, EIO, "cannot read");
		return ARCHIVE_FATAL;
	}
	*data = bytes;
	return (la_ssize_t)len;
}

/* A new reader of what the feed gives, which begins at the byte start. */
static enum status
reopen(struct zip *self, uint64_t start, struct err *err)
{
	(void)archive_read_free(self->archive);
	self->start = start;
	self->position = 0;
	self->broken = self->dead = false;
	self->archive = archive_read_new();
	if (self->archive == NULL ||
	    archive_read_support_format_zip_streamable(self->archive) != ARCHIVE_OK ||
	    archive_read_open(self->archive, self, NULL, read_below, NULL) != ARCHIVE_OK) {
		if (self->feed.err.status != OK) {
			*err = self->feed.err;
			return err->status;
		}
		return err_set(err, BAD, "zip: damaged");
	}
	return OK;
}

/*
 * A new reader behind what broke the last one. An input of many broken members is still read once: the scan
 * begins at the byte that libarchive came to, at least one behind where it began.
 */
static enum status
resume(struct zip *self, struct err *err)
{
	la_int64_t used = archive_filter_bytes(self->archive, 0);
	uint64_t place = self->start + (used > 0 ? (uint64_t)used : 0) + (self->position == 0);
	enum status status = feed_find(&self->feed, &place);

	if (status == OK)
		return reopen(self, place, err);
	self->dead = true;
	*err = self->feed.err;
	return status;
}

/* libarchive's words for what is wrong, which may be missing. */
static enum status
archive_error(struct zip *self, struct err *err)
{
	const char *text = archive_error_string(self->archive);

	if (self->feed.err.status != OK) {
		*err = self->feed.err;
		return err->status;
	}
	return err_set(err, BAD, "zip: %s", text != NULL ? text : "damaged");
}

/* More bytes of the member into block; ended at its end. */
static enum status
next_block(struct zip *self, struct err *err)
{
	la_int64_t offset;
	int result;

	result = archive_read_data_block(self->archive, &self->block, &self->block_len, &offset);
	if (result == ARCHIVE_EOF) {
		self->block_len = 0;
		self->ended = true;
		return OK;
	}
	if (result == ARCHIVE_OK)
		return OK;
	self->block_len = 0;
	self->broken = result == ARCHIVE_FATAL;
	self->dead = self->feed.err.status != OK;
	if (result == ARCHIVE_FATAL && self->feed.ended && self->feed.err.status == OK) {
		self->member.truncated = self->cut = self->ended = true;
		return OK;
	}
	return archive_error(self, err);
}

static enum status
fill(struct zip *self, struct err *err)
{
	enum status status;
	size_t n;

	for (self->len = 0; self->len < sizeof self->chunk; self->len += n) {
		while (self->block_len == 0 && !self->ended) {
			status = next_block(self, err);
			if (status != OK)
				return status;
		}
		if (self->block_len == 0)
			return OK;
		n = sizeof self->chunk - self->len;
		if (n > self->block_len)
			n = self->block_len;
		memcpy(self->chunk + self->len, self->block, n);
		self->block = (const char *)self->block + n;
		self->block_len -= n;
		self->counted += n;
		status = budget_take(self->budget, n, err);
		if (status != OK)
			return status;
	}
	return OK;
}

static enum status
member_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	struct zip *self = (struct zip *)stream;
	enum status status;

	if (!self->whole) {
		status = fill(self, err);
		if (status != OK)
			return status;
		self->whole = self->ended && self->counted == self->len;
		self->delivered = false;
	}
	*data = self->chunk;
	*len = self->delivered ? 0 : self->len;
	self->delivered = true;
	return OK;
}

static void
begin_member(struct zip *self)
{
	self->counted = 0;
	self->len = 0;
	self->block_len = 0;
	self->ended = self->cut = self->whole = self->delivered = false;
	self->member.truncated = self->member.has_peeked = false;
}

/* A small member is still in the chunk; for others the archive is read again up to it. */
static enum status
member_rewind(struct stream *stream, struct err *err)
{
	struct zip *self = (struct zip *)stream;
	struct archive_entry *entry;
	uint64_t position = self->position;
	enum status status;

	if (self->whole) {
		self->delivered = false;
		stream->truncated = self->cut;
		return OK;
	}
	budget_return(self->budget, self->counted);
	begin_member(self);
	status = feed_seek(&self->feed, self->start);
	if (status != OK)
		*err = self->feed.err;
	else
		status = reopen(self, self->start, err);
	while (status == OK && self->position < position) {
		if (archive_read_next_header(self->archive, &entry) < ARCHIVE_WARN)
			return archive_error(self, err);
		self->position++;
	}
	return status;
}

static void
member_close(struct stream *stream)
{
	(void)stream;
}

static const struct stream_class member_class = {"zip member", member_next, member_rewind, member_close};

enum status
zip_open(struct zip **zip, struct stream *from, struct unpack_budget *budget, struct err *err)
{
	struct zip *self = mem_alloc(sizeof *self);
	enum status status;

	memset(self, 0, offsetof(struct zip, chunk));
	self->member.class = &member_class;
	feed_init(&self->feed, from);
	self->budget = budget;
	status = reopen(self, 0, err);
	if (status != OK) {
		zip_close(self);
		self = NULL;
	}
	*zip = self;
	return status;
}

/* Folders, and what macOS adds to a folder's files. */
static bool
is_extra(const char *name, struct archive_entry *entry)
{
	const char *base = strrchr(name, '/');

	base = base != NULL ? base + 1 : name;
	return archive_entry_filetype(entry) == AE_IFDIR || base[0] == '\0' || strncmp(base, "._", 2) == 0 ||
	       strncmp(name, "__MACOSX/", 9) == 0;
}

/* lzma, xz and ppmd take as much memory as the archive asks for, so they are refused. */
static enum status
check_method(struct zip *self, struct archive_entry *entry, struct err *err)
{
	const char *format = archive_format_name(self->archive);
	const char *method = format != NULL ? strrchr(format, '(') : NULL;

	if (archive_entry_is_encrypted(entry))
		return err_set(err, BAD, "zip: encrypted");
	if (method == NULL || strcmp(method, "(uncompressed)") == 0 || strcmp(method, "(deflation)") == 0 ||
	    strcmp(method, "(bzip)") == 0)
		return OK;
	return err_set(err, BAD, "zip: compression method %s is not supported", method);
}

/* Behind a header that libarchive can't read. */
static enum status
broken_header(struct zip *self, struct err *err)
{
	bool none_before = self->start == 0 && self->position == 0;
	enum status status;

	self->broken = true;
	self->dead = self->feed.err.status != OK || self->feed.ended;
	/* Cut between two members or in the directory behind them: those before are good. */
	if (!none_before && self->feed.ended && self->feed.err.status == OK)
		return SKIP;
	status = budget_member(self->budget, err);
	return status == OK ? archive_error(self, err) : status;
}

/* The next header, of whatever; SKIP behind the last. */
static enum status
any_header(struct zip *self, struct archive_entry **entry, struct err *err)
{
	enum status status = OK;
	int result;

	if (self->dead)
		return SKIP;
	if (self->broken)
		status = resume(self, err);
	if (status != OK)
		return status;
	result = archive_read_next_header(self->archive, entry);
	self->dead = result == ARCHIVE_EOF;
	if (result == ARCHIVE_EOF)
		return SKIP;
	if (result < ARCHIVE_WARN)
		return broken_header(self, err);
	self->position++;
	return budget_member(self->budget, err);
}

/* The next header that is not of an extra; SKIP behind the last. */
static enum status
next_header(struct zip *self, struct archive_entry **entry, struct err *err)
{
	const char *path;
	enum status status;

	do {
		status = any_header(self, entry, err);
		if (status != OK)
			return status;
		path = archive_entry_pathname_utf8(*entry);
		if (path == NULL)
			path = archive_entry_pathname(*entry);
		(void)snprintf(self->name, sizeof self->name, "%s", path != NULL ? path : "?");
	} while (is_extra(self->name, *entry));
	return OK;
}

enum status
zip_next(struct zip *zip, struct str *name, struct stream **member, struct err *err)
{
	struct archive_entry *entry;
	enum status status;

	*name = (struct str){NULL, 0};
	*member = NULL;
	begin_member(zip);
	status = next_header(zip, &entry, err);
	if (status != OK)
		return status;
	*name = str_of(zip->name);
	*member = &zip->member;
	return check_method(zip, entry, err);
}

void
zip_close(struct zip *zip)
{
	if (zip == NULL)
		return;
	(void)archive_read_free(zip->archive);
	free(zip);
}
