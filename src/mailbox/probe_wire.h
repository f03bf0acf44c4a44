/*
 * probe_wire: a connection to a server, with or without TLS, on which lines go to and fro; for probe.c. Every
 * wait ends at a deadline, so that a server which drips bytes can't hold anybody up.
 */
#ifndef DMARCQ_MAILBOX_PROBE_WIRE_H
#define DMARCQ_MAILBOX_PROBE_WIRE_H

#include "mailbox/probe_net.h"
#include "mailbox/probe_tls.h"

enum { WIRE_LINE = 8192 /* greetings and capabilities are lines of some hundred bytes */ };

struct wire {
	int fd; /* -1: not connected */
	struct tls *tls;
	int64_t deadline; /* of net_now */
	unsigned char input[WIRE_LINE];
	size_t start, end;
};

enum wire_answer {
	WIRE_LINE_CAME,
	WIRE_SILENT,   /* nothing came in time */
	WIRE_CLOSED,   /* the server hung up */
	WIRE_TOO_LONG, /* the line is longer than WIRE_LINE */
};

/* False: the server doesn't take the connection any more, *error says why (errno). */
bool wire_open(
    struct wire *wire, int *error, const struct net_address *address, uint16_t port, unsigned seconds);
/* From now on there are so many seconds. */
void wire_allow(struct wire *wire, unsigned seconds);
/* The next line as text without its line end, borrowed until the next call; NULs in it end it. */
enum wire_answer wire_line(struct wire *wire, const char **line);
/* Sends a line with CRLF. False: the connection broke, or the server takes nothing. */
bool wire_send(struct wire *wire, const char *line);
/* Whether the server sent more than was asked for. */
bool wire_has_input(const struct wire *wire);
void wire_close(struct wire *wire);

#endif
