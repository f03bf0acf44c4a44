/* notify: a datagram to a socket. libsystemd would be a library and its version for thirty lines. */
#include "cli/notify.h"

#include "base/text.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { WAIT = 1 /* seconds for a manager whose queue is full: it must not hold up the mails */ };

static void
tell(const char *text, int flags)
{
	const struct timeval wait = {.tv_sec = WAIT};
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	const char *name = getenv("NOTIFY_SOCKET");
	size_t len;
	int fd;

	if (name == NULL || (name[0] != '/' && name[0] != '@'))
		return;
	len = strlen(name);
	if (len < 2 || len >= sizeof to.sun_path)
		return;
	memcpy(to.sun_path, name, len);
	/* A name without a file begins with a NUL (unix(7)). */
	if (name[0] == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
	(void)sendto(fd, text, strlen(text), MSG_NOSIGNAL | flags, (const struct sockaddr *)&to,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	(void)close(fd);
}

void
notify(const char *text)
{
	tell(text, 0);
}

void
notify_alive(void)
{
	static _Atomic int64_t last;
	const char *text = getenv("WATCHDOG_USEC");
	struct timespec now;
	uint64_t every;
	int64_t us, before = last;

	if (text == NULL || !text_u64(&every, text, strlen(text)) || every > INT64_MAX)
		return;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
	if (us - before >= (int64_t)every / 3 && atomic_compare_exchange_strong(&last, &before, us))
		tell("WATCHDOG=1", MSG_DONTWAIT);
}
