/*
 * mime: GMime's view of a mail. GMime reads the source through a small stream class and notes where the
 * content of each part lies; the content itself is read from the source later, so that none of it is in
 * memory. The outermost header is parsed as that of a part, because GMime parses the addresses of messages,
 * and does so without bounds.
 */
#include "message/mime.h"

#include "base/mem.h"
#include "message/prescan.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The class names of GObject begin with a capital; nothing else here does. */
typedef struct {
	GMimeStream parent;
	struct source *source;
} SourceStream;

typedef struct {
	GMimeStreamClass parent;
} SourceStreamClass;

struct mime {
	struct source *source;
	const struct limits *limits;
	GMimeObject *top;
	char *header;              /* owned; the last one that was too long for the library */
	struct leaf *leaves;       /* owned */
	size_t count, room, parts; /* parts: leaves that are no mails */
	unsigned depth;            /* mails around what is being read */
};

static GType source_stream_get_type(void);
G_DEFINE_TYPE(SourceStream, source_stream, GMIME_TYPE_STREAM)

static GMimeStream *
source_stream_new(struct source *source, gint64 start, gint64 end)
{
	SourceStream *self = g_object_new(source_stream_get_type(), NULL);

	self->source = source;
	g_mime_stream_construct(&self->parent, start, end);
	return &self->parent;
}

static ssize_t
source_read(GMimeStream *stream, char *to, size_t len)
{
	const unsigned char *data = NULL;
	size_t got;

	if (stream->bound_end >= 0 && (gint64)len > stream->bound_end - stream->position)
		len =
		    stream->position < stream->bound_end ? (size_t)(stream->bound_end - stream->position) : 0;
	got = source_at(((SourceStream *)stream)->source, (uint64_t)stream->position, &data);
	if (got > len)
		got = len;
	if (got > 0)
		memcpy(to, data, got);
	stream->position += (gint64)got;
	return (ssize_t)got;
}

static gboolean
source_eos(GMimeStream *stream)
{
	const unsigned char *data;

	if (stream->bound_end >= 0 && stream->position >= stream->bound_end)
		return TRUE;
	return source_at(((SourceStream *)stream)->source, (uint64_t)stream->position, &data) == 0;
}

static int
source_reset(GMimeStream *stream)
{
	stream->position = stream->bound_start;
	return 0;
}

/* From the end only in a stream with one: the length of a mail is not known. */
static gint64
source_seek(GMimeStream *stream, gint64 offset, GMimeSeekWhence whence)
{
	if (whence == GMIME_STREAM_SEEK_CUR)
		offset += stream->position;
	else if (whence == GMIME_STREAM_SEEK_END && stream->bound_end >= 0)
		offset += stream->bound_end;
	else if (whence == GMIME_STREAM_SEEK_END)
		return -1;
	if (offset < stream->bound_start)
		return -1;
	stream->position = offset;
	return offset;
}

static gint64
source_tell(GMimeStream *stream)
{
	return stream->position;
}

static gint64
source_length(GMimeStream *stream)
{
	return stream->bound_end >= 0 ? stream->bound_end - stream->bound_start : -1;
}

static GMimeStream *
source_substream(GMimeStream *stream, gint64 start, gint64 end)
{
	return source_stream_new(((SourceStream *)stream)->source, start, end);
}

static void
source_stream_class_init(SourceStreamClass *class)
{
	class->parent.read = source_read;
	class->parent.eos = source_eos;
	class->parent.reset = source_reset;
	class->parent.seek = source_seek;
	class->parent.tell = source_tell;
	class->parent.length = source_length;
	class->parent.substream = source_substream;
}

static void
source_stream_init(SourceStream *self)
{
	self->source = NULL;
}

static const char *const mail_types[] = {"rfc822", "rfc2822", "global", "news"};

/* Of the leak checker, where there is one. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

/* GMime loses 16 bytes of its own when a type is registered again; the leak checker need not hear of that. */
static void
start_library(void)
{
	size_t i;

	if (__lsan_disable != NULL)
		__lsan_disable();
	g_mime_init();
	if (__lsan_enable != NULL)
		__lsan_enable();
	for (i = 0; i < sizeof mail_types / sizeof mail_types[0]; i++)
		g_mime_object_register_type("message", mail_types[i], GMIME_TYPE_PART);
}

/* True for a part that is a mail, given as such or by being in a digest (RFC 2046 s. 5.1.5, 5.2.1). */
static bool
is_mail(GMimeObject *object)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	size_t i;

	for (i = 0; type != NULL && i < sizeof mail_types / sizeof mail_types[0]; i++)
		if (g_mime_content_type_is_type(type, "message", mail_types[i]))
			return true;
	return false;
}

static enum transfer
transfer_of(GMimePart *part)
{
	switch (g_mime_part_get_content_encoding(part)) {
	case GMIME_CONTENT_ENCODING_BASE64:
		return TRANSFER_BASE64;
	case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
		return TRANSFER_QUOTED;
	case GMIME_CONTENT_ENCODING_UUENCODE:
		return TRANSFER_UU;
	default:
		return TRANSFER_PLAIN;
	}
}

/* "type/subtype" in lower case, owned; NULL when the header has no Content-Type. */
static char *
type_of(GMimeObject *object)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	char *text, *copy;

	if (type == NULL || g_mime_object_get_header(object, "Content-Type") == NULL)
		return NULL;
	text = g_mime_content_type_get_mime_type(type);
	copy = mem_copy(text);
	g_free(text);
	text_lower_all(copy, strlen(copy));
	return copy;
}

static enum status parse_range(struct mime *mime, gint64 start, gint64 end, uint64_t depth, struct err *err);

static struct leaf *
new_leaf(struct mime *mime, GMimePart *part, GMimeStream *content)
{
	const char *filename = g_mime_part_get_filename(part);
	struct leaf *leaf;

	if (mime->count == mime->room) {
		mime->room = mime->room > 0 ? mime->room * 2 : 4;
		mime->leaves = mem_grow(mime->leaves, mime->room * sizeof *mime->leaves);
	}
	leaf = &mime->leaves[mime->count++];
	leaf->start = (uint64_t)content->bound_start;
	leaf->end = content->bound_end >= 0 ? (uint64_t)content->bound_end : UINT64_MAX;
	leaf->transfer = transfer_of(part);
	leaf->type = type_of(GMIME_OBJECT(part));
	leaf->filename = filename != NULL ? mem_copy(filename) : NULL;
	leaf->number = 0;
	leaf->depth = mime->depth;
	leaf->mail = false;
	return leaf;
}

static enum status
add_leaf(struct mime *mime, GMimePart *part, GMimeStream *content, struct err *err)
{
	if (mime->parts >= mime->limits->mail_parts)
		return err_set(err, LIMIT, "more than %llu parts (limit mail-parts)",
		    (unsigned long long)mime->limits->mail_parts);
	new_leaf(mime, part, content)->number = ++mime->parts;
	return OK;
}

/* The leaves below an object in document order. */
static enum status
walk(struct mime *mime, GMimeObject *object, uint64_t depth, struct err *err)
{
	enum status status = OK;
	GMimeDataWrapper *wrapper;
	GMimeStream *content;
	struct leaf *leaf;
	gint64 start;
	int i, count;

	if (depth > mime->limits->mail_depth)
		return err_set(err, LIMIT, "nested more than %llu levels deep (limit mail-depth)",
		    (unsigned long long)mime->limits->mail_depth);
	if (GMIME_IS_MULTIPART(object)) {
		count = g_mime_multipart_get_count(GMIME_MULTIPART(object));
		for (i = 0; i < count && status == OK; i++)
			status =
			    walk(mime, g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1, err);
		return status;
	}
	wrapper = GMIME_IS_PART(object) ? g_mime_part_get_content(GMIME_PART(object)) : NULL;
	content = wrapper != NULL ? g_mime_data_wrapper_get_stream(wrapper) : NULL;
	if (content == NULL)
		return OK;
	if (!is_mail(object) || transfer_of(GMIME_PART(object)) != TRANSFER_PLAIN)
		return add_leaf(mime, GMIME_PART(object), content, err);
	start = (gint64)skip_postmark(mime->source, (uint64_t)content->bound_start);
	if (content->bound_end >= 0 && start > content->bound_end)
		start = content->bound_end;
	leaf = new_leaf(mime, GMIME_PART(object), content);
	leaf->mail = true;
	leaf->start = (uint64_t)start;
	mime->depth++;
	status = parse_range(mime, start, content->bound_end, depth + 1, err);
	mime->depth--;
	return status;
}

/* One mail: the outermost, or one that lies in another. */
static enum status
parse_range(struct mime *mime, gint64 start, gint64 end, uint64_t depth, struct err *err)
{
	GMimeStream *stream = source_stream_new(mime->source, start, end);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeObject *object = g_mime_parser_construct_part(parser, NULL);
	enum status status = OK;

	g_object_unref(parser);
	g_object_unref(stream);
	if (mime->source->status != OK) {
		*err = mime->source->err;
		status = mime->source->status;
	} else if (object != NULL)
		status = walk(mime, object, depth, err);
	if (depth == 0)
		mime->top = object;
	else if (object != NULL)
		g_object_unref(object);
	return status;
}

enum status
mime_parse(struct mime **mime, struct source *source, const struct limits *limits, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct mime *self = mem_zero(1, sizeof *self);
	enum status status;

	(void)pthread_once(&once, start_library);
	self->source = source;
	self->limits = limits;
	status = parse_range(self, 0, -1, 0, err);
	if (status != OK) {
		mime_free(self);
		self = NULL;
	}
	*mime = self;
	return status;
}

const struct leaf *
mime_leaf(const struct mime *mime, size_t i)
{
	return i < mime->count ? &mime->leaves[i] : NULL;
}

/* Decoding takes 60 bytes of memory for each, so of a very long field only the start is decoded. */
struct str
mime_header(struct mime *mime, const char *name)
{
	enum { LONG = 16384, START = 4096 };
	GMimeHeader *header;
	const char *raw;
	char *start, *unfolded;

	header = mime->top != NULL
		     ? g_mime_header_list_get_header(g_mime_object_get_header_list(mime->top), name)
		     : NULL;
	raw = header != NULL ? g_mime_header_get_raw_value(header) : NULL;
	if (raw == NULL)
		return (struct str){NULL, 0};
	if (strnlen(raw, LONG) < LONG)
		return str_of(g_mime_header_get_value(header));
	start = mem_copy_n(raw, START);
	unfolded = g_mime_utils_header_unfold(start);
	g_free(mime->header);
	mime->header = g_mime_utils_header_decode_text(NULL, unfolded);
	g_free(unfolded);
	free(start);
	return str_trim(str_of(mime->header));
}

bool
mime_field(const struct mime *mime, size_t i, struct str *name, struct str *value)
{
	GMimeHeaderList *list = mime->top != NULL ? g_mime_object_get_header_list(mime->top) : NULL;
	GMimeHeader *header;

	if (list == NULL || i >= (size_t)g_mime_header_list_get_count(list))
		return false;
	header = g_mime_header_list_get_header_at(list, (int)i);
	*name = str_of(g_mime_header_get_name(header));
	*value = str_of(g_mime_header_get_raw_value(header));
	return true;
}

void
mime_free(struct mime *mime)
{
	size_t i;

	if (mime == NULL)
		return;
	for (i = 0; i < mime->count; i++) {
		free(mime->leaves[i].type);
		free(mime->leaves[i].filename);
	}
	free(mime->leaves);
	g_free(mime->header);
	if (mime->top != NULL)
		g_object_unref(mime->top);
	free(mime);
}
