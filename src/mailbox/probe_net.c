/*
 * probe_net: name and ports. getaddrinfo knows no time-out, so that it runs in a thread of its own, which is
 * left alone when it takes too long.
 */
#include "mailbox/probe_net.h"

#include "base/mem.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LABEL_MAX = 63 };

int64_t
net_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool
net_wait(int fd, short events, int64_t deadline)
{
	struct pollfd poller = {.fd = fd, .events = events};
	int64_t left;

	while ((left = deadline - net_now()) > 0)
		if (poll(&poller, 1, (int)left) > 0)
			return true;
	return poll(&poller, 1, 0) > 0;
}

bool
net_host(char to[NET_HOST], const char *host)
{
	size_t len = strlen(host), skip = 0;

	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		skip = 1;
		len -= 2;
	}
	/* "mail.example.com." is the same host; certificates have no such dot, and libcurl takes it off. */
	if (len > 1 && host[skip + len - 1] == '.' && host[skip + len - 2] != '.')
		len--;
	if (len >= NET_HOST)
		return false;
	memcpy(to, host + skip, len);
	to[len] = '\0';
	return true;
}

bool
net_is_address(const char *host)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST}, *list = NULL;
	bool is = getaddrinfo(host, NULL, &hints, &list) == 0;

	if (is)
		freeaddrinfo(list);
	return is;
}

static bool
is_label(const char *text, size_t len)
{
	size_t i;

	if (len == 0 || len > LABEL_MAX || text[0] == '-' || text[len - 1] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (!text_is_digit(text[i]) && (text_lower(text[i]) < 'a' || text_lower(text[i]) > 'z') &&
		    text[i] != '-' && text[i] != '_')
			return false;
	return true;
}

bool
net_is_host_name(const char *host)
{
	size_t len;

	for (;; host += len + 1) {
		len = strcspn(host, ".");
		if (!is_label(host, len))
			return false;
		/* A dot at the end is the root. */
		if (host[len] == '\0' || host[len + 1] == '\0')
			return true;
	}
}

/* A call of getaddrinfo. Whoever comes last, the thread or the one who waits for it, frees it. */
struct lookup {
	pthread_mutex_t mutex;
	pthread_cond_t ready;
	bool done, left;
	char host[NET_HOST];
	int code, error;
	struct addrinfo *list;
};

static void
lookup_free(struct lookup *lookup)
{
	if (lookup->list != NULL)
		freeaddrinfo(lookup->list);
	(void)pthread_cond_destroy(&lookup->ready);
	(void)pthread_mutex_destroy(&lookup->mutex);
	free(lookup);
}

static void *
lookup_thread(void *data)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_CANONNAME}, *list = NULL;
	struct lookup *lookup = data;
	int code = getaddrinfo(lookup->host, NULL, &hints, &list);
	int error = errno;
	bool left;

	(void)pthread_mutex_lock(&lookup->mutex);
	lookup->code = code;
	lookup->error = error;
	lookup->list = code == 0 ? list : NULL;
	lookup->done = true;
	left = lookup->left;
	(void)pthread_cond_signal(&lookup->ready);
	(void)pthread_mutex_unlock(&lookup->mutex);
	if (left)
		lookup_free(lookup);
	return NULL;
}

static struct lookup *
lookup_start(const char *host)
{
	struct lookup *lookup = mem_zero(1, sizeof *lookup);
	pthread_condattr_t attributes;
	pthread_t thread;

	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_mutex_init(&lookup->mutex, NULL);
	(void)pthread_cond_init(&lookup->ready, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	(void)snprintf(lookup->host, sizeof lookup->host, "%s", host);
	if (pthread_create(&thread, NULL, lookup_thread, lookup) == 0) {
		(void)pthread_detach(thread);
		return lookup;
	}
	lookup_free(lookup);
	return NULL;
}

enum net_answer
net_answer_of(int code)
{
	switch (code) {
	case 0:
		return NET_FOUND;
	case EAI_NONAME:
		return NET_NO_NAME;
	case EAI_NODATA:
	case EAI_ADDRFAMILY:
		return NET_NO_ADDRESS;
	case EAI_FAIL:
		return NET_SERVFAIL;
	case EAI_AGAIN:
		return NET_NO_ANSWER;
	default:
		return NET_TROUBLE;
	}
}

static void
take_addresses(struct net_name *name, const struct addrinfo *list)
{
	const struct addrinfo *item;
	struct net_address *to;

	for (item = list; item != NULL && name->count < NET_ADDRESSES; item = item->ai_next) {
		if (item->ai_family != AF_INET && item->ai_family != AF_INET6)
			continue;
		to = &name->addresses[name->count];
		memcpy(&to->socket, item->ai_addr, item->ai_addrlen);
		to->len = item->ai_addrlen;
		to->family = item->ai_family;
		if (getnameinfo(item->ai_addr, item->ai_addrlen, to->text, sizeof to->text, NULL, 0,
			NI_NUMERICHOST) == 0)
			name->count++;
	}
}

static void
take_answer(struct net_name *name, const struct lookup *lookup)
{
	const struct addrinfo *list = lookup->list;

	name->answer = net_answer_of(lookup->code);
	if (name->answer == NET_TROUBLE)
		(void)snprintf(name->trouble, sizeof name->trouble, "%s",
		    lookup->code == EAI_SYSTEM ? strerror(lookup->error) : gai_strerror(lookup->code));
	if (list == NULL)
		return;
	if (list->ai_canonname != NULL &&
	    !text_same_nocase(list->ai_canonname, strlen(list->ai_canonname), lookup->host))
		(void)snprintf(name->canonical, sizeof name->canonical, "%s", list->ai_canonname);
	take_addresses(name, list);
	if (name->count == 0)
		name->answer = NET_NO_ADDRESS;
}

void
net_lookup(struct net_name *name, const char *host, unsigned seconds)
{
	struct lookup *lookup = lookup_start(host);
	struct timespec end;
	int code = 0;
	bool done;

	*name = (struct net_name){.answer = NET_TROUBLE, .trouble = "no thread could be started"};
	if (lookup == NULL)
		return;
	*name = (struct net_name){.answer = NET_NO_ANSWER};
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)seconds;
	(void)pthread_mutex_lock(&lookup->mutex);
	while (!lookup->done && code != ETIMEDOUT)
		code = pthread_cond_timedwait(&lookup->ready, &lookup->mutex, &end);
	done = lookup->done;
	lookup->left = !done;
	if (done)
		take_answer(name, lookup);
	(void)pthread_mutex_unlock(&lookup->mutex);
	if (done)
		lookup_free(lookup);
}

/* A socket that is being connected, or -1. */
static int
start_connect(const struct net_address *address, uint16_t port)
{
	struct sockaddr_storage to = address->socket;
	int fd = socket(address->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), code;

	if (fd < 0)
		return -1;
	if (address->family == AF_INET6)
		((struct sockaddr_in6 *)&to)->sin6_port = htons(port);
	else
		((struct sockaddr_in *)&to)->sin_port = htons(port);
	if (connect(fd, (struct sockaddr *)&to, address->len) == 0 || errno == EINPROGRESS)
		return fd;
	code = errno;
	(void)close(fd);
	errno = code;
	return -1;
}

/* What became of it, once poll says that it is decided; 0 or an errno. */
static int
connect_error(int fd)
{
	socklen_t len = sizeof(int);
	int error = 0;

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : errno;
}

static void
settle_port(struct net_port *port, int error, int64_t begun)
{
	port->milliseconds = net_now() - begun;
	port->error = error;
	port->state = error == 0              ? NET_OPEN
		      : error == ECONNREFUSED ? NET_REFUSED
		      : error == ETIMEDOUT    ? NET_SILENT
					      : NET_UNREACHABLE;
}

/* Settles those that poll says something of; how many wait. */
static size_t
look(struct net_port *ports, struct pollfd *pollers, size_t count, int64_t begun)
{
	size_t waiting = 0, i;

	for (i = 0; i < count; i++) {
		if (pollers[i].fd >= 0 && pollers[i].revents != 0) {
			settle_port(&ports[i], connect_error(pollers[i].fd), begun);
			(void)close(pollers[i].fd);
			pollers[i].fd = -1;
		}
		waiting += pollers[i].fd >= 0;
	}
	return waiting;
}

void
net_ports(struct net_port *ports, size_t count, unsigned seconds)
{
	struct pollfd pollers[NET_PORTS];
	int64_t begun = net_now(), left;
	size_t waiting = 0, i;

	for (i = 0; i < count && i < NET_PORTS; i++) {
		ports[i].state = NET_SILENT;
		pollers[i] = (struct pollfd){.fd = start_connect(ports[i].address, ports[i].port)};
		pollers[i].events = POLLOUT;
		if (pollers[i].fd < 0)
			settle_port(&ports[i], errno, begun);
		waiting += pollers[i].fd >= 0;
	}
	while (waiting > 0 && (left = begun + (int64_t)seconds * 1000 - net_now()) > 0)
		if (poll(pollers, count, (int)left) > 0)
			waiting = look(ports, pollers, count, begun);
	for (i = 0; i < count; i++)
		if (pollers[i].fd >= 0) {
			ports[i].milliseconds = net_now() - begun;
			(void)close(pollers[i].fd);
		}
}

int
net_connect(const struct net_address *address, uint16_t port, int64_t deadline)
{
	int fd = start_connect(address, port), error;

	if (fd < 0)
		return -1;
	error = net_wait(fd, POLLOUT, deadline) ? connect_error(fd) : ETIMEDOUT;
	if (error == 0)
		return fd;
	(void)close(fd);
	errno = error;
	return -1;
}
