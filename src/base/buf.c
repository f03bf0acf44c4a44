/* buf: growing bytes with a ceiling. */
#include "base/buf.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void
buf_init(struct buf *buf, size_t max)
{
	buf->data = NULL;
	buf->len = buf->cap = 0;
	buf->max = max;
}

unsigned char *
buf_room(struct buf *buf, size_t len)
{
	size_t cap = buf->cap;

	if (len > buf->max - buf->len)
		return NULL;
	if (buf->len + len > cap) {
		cap = cap < 256 ? 256 : cap * 2;
		if (cap < buf->len + len)
			cap = buf->len + len;
		if (cap > buf->max)
			cap = buf->max;
		buf->data = mem_grow(buf->data, cap);
		buf->cap = cap;
	}
	return buf->data + buf->len;
}

bool
buf_add(struct buf *buf, const void *bytes, size_t len)
{
	unsigned char *to;

	if (len == 0)
		return true;
	if ((to = buf_room(buf, len)) == NULL)
		return false;
	memcpy(to, bytes, len);
	buf->len += len;
	return true;
}

bool
buf_add_text(struct buf *buf, const char *text)
{
	return buf_add(buf, text, strlen(text));
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
}

void
buf_free(struct buf *buf)
{
	free(buf->data);
	buf_init(buf, buf->max);
}
