/* probe_wire: lines over a socket or over TLS; libcurl hides what a server says before the login. */
#include "mailbox/probe_wire.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
wire_allow(struct wire *wire, unsigned seconds)
{
	wire->deadline = net_now() + (int64_t)seconds * 1000;
}

bool
wire_open(struct wire *wire, int *error, const struct net_address *address, uint16_t port, unsigned seconds)
{
	wire->tls = NULL;
	wire->start = wire->end = 0;
	wire_allow(wire, seconds);
	wire->fd = net_connect(address, port, wire->deadline);
	*error = wire->fd < 0 ? errno : 0;
	return wire->fd >= 0;
}

/* Bytes of the socket; 0: closed, -1: past the deadline. */
static long
socket_read(const struct wire *wire, void *bytes, size_t len)
{
	ssize_t n;

	for (;;) {
		n = read(wire->fd, bytes, len);
		if (n >= 0)
			return (long)n;
		if (errno != EAGAIN && errno != EINTR)
			return 0;
		if (errno == EAGAIN && !net_wait(wire->fd, POLLIN, wire->deadline))
			return -1;
	}
}

static long
socket_write(const struct wire *wire, const void *bytes, size_t len)
{
	ssize_t n;

	for (;;) {
		n = send(wire->fd, bytes, len, MSG_NOSIGNAL);
		if (n >= 0)
			return (long)n;
		if (errno != EAGAIN && errno != EINTR)
			return 0;
		if (errno == EAGAIN && !net_wait(wire->fd, POLLOUT, wire->deadline))
			return -1;
	}
}

enum wire_answer
wire_line(struct wire *wire, const char **line)
{
	unsigned char *end;
	long n;

	for (;;) {
		end = memchr(wire->input + wire->start, '\n', wire->end - wire->start);
		if (end != NULL)
			break;
		memmove(wire->input, wire->input + wire->start, wire->end - wire->start);
		wire->end -= wire->start;
		wire->start = 0;
		if (wire->end == sizeof wire->input)
			return WIRE_TOO_LONG;
		n = wire->tls != NULL
			? probe_tls_read(wire->tls, wire->input + wire->end, sizeof wire->input - wire->end,
			      wire->deadline)
			: socket_read(wire, wire->input + wire->end, sizeof wire->input - wire->end);
		if (n <= 0)
			return n == 0 ? WIRE_CLOSED : WIRE_SILENT;
		wire->end += (size_t)n;
	}
	*end = '\0';
	if (end > wire->input + wire->start && end[-1] == '\r')
		end[-1] = '\0';
	*line = (const char *)wire->input + wire->start;
	wire->start = (size_t)(end - wire->input) + 1;
	/* A drip of whole lines comes to its end here. */
	return net_now() > wire->deadline ? WIRE_SILENT : WIRE_LINE_CAME;
}

bool
wire_send(struct wire *wire, const char *line)
{
	char text[WIRE_LINE];
	int len = snprintf(text, sizeof text, "%s\r\n", line);
	size_t left = len < 0 || len >= WIRE_LINE ? 0 : (size_t)len;
	const char *from = text;
	long n;

	if (left == 0)
		return false;
	for (; left > 0; from += n, left -= (size_t)n) {
		n = wire->tls != NULL ? probe_tls_write(wire->tls, from, left, wire->deadline)
				      : socket_write(wire, from, left);
		if (n <= 0)
			return false;
	}
	return true;
}

bool
wire_has_input(const struct wire *wire)
{
	return wire->start < wire->end;
}

void
wire_close(struct wire *wire)
{
	probe_tls_free(wire->tls);
	wire->tls = NULL;
	if (wire->fd >= 0)
		(void)close(wire->fd);
	wire->fd = -1;
}
