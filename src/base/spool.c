/* spool: bytes set aside so that they can be read again: small ones in memory, large ones in a nameless file.
 */
#include "base/mem.h"
#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
spool_init(struct spool *spool)
{
	spool->data = NULL;
	spool->cap = 0;
	spool->len = 0;
	spool->fd = -1;
}

static enum status
write_all(int fd, const unsigned char *bytes, size_t len, struct err *err)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_stop(
			    err, EXIT_CODE_IO, "cannot write temporary file: %s", strerror(errno));
		bytes += n;
		len -= (size_t)n;
	}
	return OK;
}

/* A file without a name goes away with its descriptor, so nothing is left behind by a kill. */
static enum status
to_file(struct spool *spool, struct err *err)
{
	const char *folder = getenv("TMPDIR");

	if (folder == NULL || folder[0] == '\0')
		folder = "/tmp";
	spool->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (spool->fd < 0)
		return err_stop(
		    err, EXIT_CODE_IO, "%s: cannot make a temporary file: %s", folder, strerror(errno));
	return write_all(spool->fd, spool->data, (size_t)spool->len, err);
}

enum status
spool_add(
    struct spool *spool, const void *bytes, size_t len, size_t spool_memory, uint64_t max, struct err *err)
{
	enum status status;

	if (len > max || spool->len > max - len)
		return err_set(err, LIMIT, "more than %llu bytes", (unsigned long long)max);
	if (spool->fd < 0 && spool->len + len > spool_memory) {
		status = to_file(spool, err);
		if (status != OK)
			return status;
	}
	if (spool->fd >= 0) {
		status = write_all(spool->fd, bytes, len, err);
		if (status != OK)
			return status;
	} else if (len > 0) {
		if (spool->len + len > spool->cap) {
			spool->cap = spool->cap < 4096 ? 4096 : spool->cap * 2;
			if (spool->cap < spool->len + len)
				spool->cap = (size_t)spool->len + len;
			spool->data = mem_grow(spool->data, spool->cap);
		}
		memcpy(spool->data + spool->len, bytes, len);
	}
	spool->len += len;
	return OK;
}

enum status
spool_fill(struct spool *spool, struct stream *from, size_t spool_memory, uint64_t max, struct err *err)
{
	const unsigned char *data;
	enum status status;
	size_t len;

	for (;;) {
		status = stream_next(from, &data, &len, err);
		if (status != OK || len == 0)
			return status;
		status = spool_add(spool, data, len, spool_memory, max, err);
		if (status != OK)
			return status;
	}
}

struct stream *
spool_stream(const struct spool *spool)
{
	if (spool->fd >= 0)
		return stream_file(spool->fd);
	return stream_memory(spool->data, (size_t)spool->len);
}

void
spool_clear(struct spool *spool)
{
	if (spool->fd >= 0)
		(void)close(spool->fd);
	spool->fd = -1;
	spool->len = 0;
}

void
spool_free(struct spool *spool)
{
	spool_clear(spool);
	free(spool->data);
	spool_init(spool);
}
