/* probe_net: what the resolver says of a name, and which ports of its addresses answer; for probe.c. */
#ifndef DMARCQ_MAILBOX_PROBE_NET_H
#define DMARCQ_MAILBOX_PROBE_NET_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
	NET_ADDRESSES = 8, /* of one name; the largest providers have four and four */
	NET_TEXT = 80,     /* an address as text, with an interface behind a % */
	NET_HOST = 256,    /* a name with its NUL (RFC 1035 section 2.3.4) */
};

enum net_answer {
	NET_FOUND,
	NET_NO_NAME,    /* the resolver says that there is no such name */
	NET_NO_ADDRESS, /* the name is there, but is not one of a host */
	NET_SERVFAIL,   /* the name servers of the domain fail */
	NET_NO_ANSWER,  /* no resolver answers */
	NET_TROUBLE,    /* anything else: trouble says what */
};

struct net_address {
	struct sockaddr_storage socket;
	socklen_t len;
	int family;
	char text[NET_TEXT];
};

struct net_name {
	enum net_answer answer;
	char canonical[NET_HOST]; /* what the name is an alias of; "" when it is none */
	char trouble[128];
	struct net_address addresses[NET_ADDRESSES]; /* in the order in which they would be tried */
	size_t count;
};

/* The host of an account by its bare name: without the brackets of an IPv6 address and the dot of the root.
 * False: it is too long. */
bool net_host(char to[NET_HOST], const char *host);
/* Whether it is an address and no name. */
bool net_is_address(const char *host);
/* Whether a name can be one of a host: letters, digits, hyphens and dots where they may stand (RFC 1123), and
 * the underscores that some have nevertheless. */
bool net_is_host_name(const char *host);

/* Asks the resolver, for at most so many seconds. host is what net_host gave. */
void net_lookup(struct net_name *name, const char *host, unsigned seconds);
/* What a code of getaddrinfo means. */
enum net_answer net_answer_of(int code);

enum net_state {
	NET_OPEN,
	NET_REFUSED,
	NET_UNREACHABLE, /* this machine, or a router, knows no way or lets nothing through: trouble says
			    which */
	NET_SILENT,      /* nothing came back */
};

struct net_port {
	const struct net_address *address;
	uint16_t port;
	enum net_state state;
	int error;            /* errno of NET_UNREACHABLE */
	int64_t milliseconds; /* until it was known */
};

enum { NET_PORTS = 5 * NET_ADDRESSES };
/* Connects to all of them at once, at most NET_PORTS, and hangs up; takes at most so many seconds. */
void net_ports(struct net_port *ports, size_t count, unsigned seconds);

/* A connected, non-blocking socket, or -1 with errno (ETIMEDOUT: nothing came back in time). */
int net_connect(const struct net_address *address, uint16_t port, int64_t deadline);
/* Milliseconds of a clock that only goes forward. */
int64_t net_now(void);
/* Waits for events of poll on a socket. False: it is past the deadline. */
bool net_wait(int fd, short events, int64_t deadline);

#endif
