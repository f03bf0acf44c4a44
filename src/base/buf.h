/* buf: bytes that grow up to a maximum; a buffer cannot be made without its maximum. */
#ifndef DMARCQ_BASE_BUF_H
#define DMARCQ_BASE_BUF_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct buf {
	unsigned char *data; /* owned; NULL while empty */
	size_t len, cap, max;
};

/* An empty buffer of at most max bytes. Holds no memory until something is added. */
void buf_init(struct buf *buf, size_t max);
/* Adds len bytes. False when that would pass the maximum: then nothing was added. */
bool buf_add(struct buf *buf, const void *bytes, size_t len);
bool buf_add_text(struct buf *buf, const char *text);
/* Room for len more bytes without adding them; NULL when that would pass the maximum. */
unsigned char *buf_room(struct buf *buf, size_t len);
/* Forgets the content, keeps the memory. */
void buf_clear(struct buf *buf);
/* Gives the memory back. The buffer may be used again. */
void buf_free(struct buf *buf);

#endif
