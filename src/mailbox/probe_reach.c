/* probe_reach: the way to the server: its name, its ports, TLS and its certificate. */
#include "mailbox/probe_words.h"
#include "mailbox/probing.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* What resolvers answer that know no address. */
static void
tell_no_address(struct probing *probing, const struct net_name *name)
{
	const char *host = probing->host, *meant = words_meant(host);

	switch (name->answer) {
	case NET_NO_NAME:
		probe_fail(probing, host, EXIT_CODE_CONFIG, REACH_NOTHING, "there is no such name",
		    meant != NULL ? probe_say(probing, "did you mean %s?", meant)
				  : "look for a typing error in it");
		return;
	case NET_NO_ADDRESS:
		probe_fail(probing, host, EXIT_CODE_CONFIG, REACH_NOTHING,
		    "the name is there, but has no address",
		    "take the name of the mail server: that of the mail domain is often another one");
		return;
	case NET_SERVFAIL:
		probe_fail(probing, host, EXIT_CODE_TEMPORARY, REACH_NOTHING,
		    "the name servers of this domain fail", "try again later; tell whoever runs the domain");
		return;
	case NET_NO_ANSWER:
		probe_fail(probing, host, EXIT_CODE_TEMPORARY, REACH_NOTHING,
		    probe_say(probing, "no resolver answered within %u seconds", probing->seconds),
		    "see whether this machine has a network, and which resolvers it asks "
		    "(/etc/resolv.conf)");
		return;
	default:
		probe_fail(probing, host, EXIT_CODE_TEMPORARY, REACH_NOTHING,
		    probe_say(probing, "the look-up failed: %s", name->trouble),
		    "see which resolvers this machine asks (/etc/resolv.conf), and try again");
	}
}

static void
tell_addresses(struct probing *probing, const struct net_name *name)
{
	char list[NET_ADDRESSES * (NET_TEXT + 2)] = "";
	size_t len = 0, i;

	for (i = 0; i < name->count; i++)
		len += (size_t)snprintf(
		    list + len, sizeof list - len, "%s%s", i > 0 ? ", " : "", name->addresses[i].text);
	if (net_is_address(probing->host))
		probe_note(probing, probing->host, PROBE_OK, "an address and no name", NULL);
	else if (name->canonical[0] != '\0')
		probe_note(probing, probing->host, PROBE_OK,
		    probe_say(probing, "an alias of %s: %s", name->canonical, list), NULL);
	else
		probe_note(probing, probing->host, PROBE_OK, probe_say(probing, "%s", list), NULL);
}

void
probe_step_name(struct probing *probing)
{
	struct net_name *name = &probing->probe->name;

	if (!net_host(probing->host, probing->account->host) ||
	    (!net_is_address(probing->host) && !net_is_host_name(probing->host))) {
		probe_fail(probing, probing->account->host, EXIT_CODE_CONFIG, REACH_NOTHING,
		    "this is no name of a host",
		    "look for a typing error: letters, digits, hyphens and dots; international names in "
		    "their xn-- form");
		return;
	}
	net_lookup(name, probing->host, probing->seconds);
	if (name->answer == NET_FOUND)
		tell_addresses(probing, name);
	else
		tell_no_address(probing, name);
}

/* "192.0.2.1:993", "[2001:db8::1]:993". */
static const char *
port_text(struct probing *probing, const struct net_port *port)
{
	return probe_say(probing, port->address->family == AF_INET6 ? "[%s]:%u" : "%s:%u",
	    port->address->text, port->port);
}

/* A port of the same protocol that is open, though it was not asked for; NULL: none is. */
static const struct net_port *
open_instead(const struct probing *probing)
{
	const struct probe *probe = probing->probe;
	bool imap = probing->account->protocol == ACCOUNT_IMAP;
	size_t i;

	for (i = 0; i < probe->port_count; i++)
		if (probe->ports[i].state == NET_OPEN && probe->ports[i].port != probing->account->port &&
		    (imap ? probe->ports[i].port == 993 || probe->ports[i].port == 143
			  : probe->ports[i].port == 995 || probe->ports[i].port == 110))
			return &probe->ports[i];
	return NULL;
}

static const char *
advice_for(struct probing *probing, const struct net_port *port)
{
	const struct net_port *other = open_instead(probing);

	if (other != NULL)
		return probe_say(probing, "port %u of this server is open: %s://%s", other->port,
		    probe_service(other->port), probing->account->host);
	switch (port->state) {
	case NET_REFUSED:
		return "nothing listens there: see whether the port is right and the mail server runs";
	case NET_SILENT:
		return probe_say(probing,
		    "a firewall or security group drops it: let port %u out here, and in at the server",
		    port->port);
	default:
		return "there is no way to this address, or a firewall forbids it: see routes and firewall";
	}
}

static const char *
port_found(struct probing *probing, const struct net_port *port)
{
	switch (port->state) {
	case NET_OPEN:
		return probe_say(probing, "open, after %lld ms", (long long)port->milliseconds);
	case NET_REFUSED:
		return "refused";
	case NET_SILENT:
		return probe_say(probing, "nothing came back within %u seconds", probing->seconds);
	default:
		return probe_say(probing, "unreachable: %s", strerror(port->error));
	}
}

static void
tell_port(struct probing *probing, const struct net_port *port)
{
	const char *about = port_text(probing, port), *found = port_found(probing, port);

	if (port->state == NET_OPEN)
		probe_note(probing, about, PROBE_OK, found, NULL);
	else if (probing->address != NULL)
		probe_note(probing, about, PROBE_WARNING, found,
		    "another address of the server answers; this one costs time at each connection");
	else
		probe_fail(
		    probing, about, EXIT_CODE_TEMPORARY, REACH_NOTHING, found, advice_for(probing, port));
}

static void
add_port(struct probe *probe, const struct net_address *address, uint16_t port)
{
	probe->ports[probe->port_count++] = (struct net_port){.address = address, .port = port};
}

void
probe_step_port(struct probing *probing)
{
	static const uint16_t known[] = {993, 143, 995, 110};
	struct probe *probe = probing->probe;
	uint16_t own = probing->account->port;
	size_t i, k;

	for (i = 0; i < probe->name.count; i++) {
		add_port(probe, &probe->name.addresses[i], own);
		for (k = 0; k < sizeof known / sizeof known[0]; k++)
			if (known[k] != own)
				add_port(probe, &probe->name.addresses[i], known[k]);
	}
	net_ports(probe->ports, probe->port_count, probing->seconds);
	for (i = 0; i < probe->port_count && probing->address == NULL; i++)
		if (probe->ports[i].port == own && probe->ports[i].state == NET_OPEN)
			probing->address = probe->ports[i].address;
	for (i = 0; i < probe->port_count; i++)
		if (probe->ports[i].port == own)
			tell_port(probing, &probe->ports[i]);
}

/* What is trusted, as a text. */
static const char *
trust_text(const struct tls_trust *trust)
{
	return trust->file != NULL ? trust->file : trust->folder != NULL ? trust->folder : "nothing";
}

static struct tls_trust
trust_of(const struct account *account)
{
	struct tls_trust trust = {account->ca_file, NULL};

	if (account->ca_file == NULL)
		link_trust(&trust.file, &trust.folder);
	return trust;
}

/* The other scheme of the protocol. */
static const char *
other_scheme(const struct account *account)
{
	bool imap = account->protocol == ACCOUNT_IMAP;

	if (account->security == ACCOUNT_TLS)
		return imap ? "imap://" : "pop3://";
	return imap ? "imaps://" : "pop3s://";
}

static void
tell_old(struct probing *probing)
{
	struct tls_facts *facts = &probing->probe->tls;
	struct wire again;
	int error;

	/* Behind STARTTLS that would be another dialogue. */
	facts->version[0] = '\0';
	if (probing->account->security == ACCOUNT_TLS &&
	    wire_open(&again, &error, probing->address, probing->account->port, probing->seconds)) {
		probe_tls_old_version(facts->version, again.fd, probing->host, again.deadline);
		wire_close(&again);
	}
	probe_fail(probing, NULL, EXIT_CODE_CONFIG, REACH_NOTHING,
	    facts->version[0] != '\0' ? probe_say(probing, "the server speaks %s at most", facts->version)
				      : probe_say(probing, "no common version of TLS: %s", facts->trouble),
	    "let the server speak TLS 1.2 or newer (RFC 8996)");
}

static void
tell_no_handshake(struct probing *probing, const struct tls_trust *trust)
{
	const struct tls_facts *facts = &probing->probe->tls;

	switch (facts->answer) {
	case TLS_NO_TRUST:
		probe_fail(probing, NULL, EXIT_CODE_CONFIG, REACH_NOTHING,
		    probe_say(probing, "the CA certificates can't be read: %s: %s", trust_text(trust),
			facts->trouble),
		    probing->account->ca_file != NULL ? "name a PEM file as ca-file"
						      : "install the package ca-certificates");
		return;
	case TLS_OLD:
		tell_old(probing);
		return;
	case TLS_NO_TLS:
		probe_fail(probing, NULL, EXIT_CODE_CONFIG, REACH_NOTHING,
		    "the server answers, but does not speak TLS there",
		    probe_say(probing, "a port for STARTTLS? then it is %s%s:%u",
			other_scheme(probing->account), probing->account->host, probing->account->port));
		return;
	case TLS_SILENT:
		probe_fail(probing, NULL, EXIT_CODE_TEMPORARY, REACH_NOTHING,
		    probe_say(probing, "the handshake was not done within %u seconds", probing->seconds),
		    "see whether the mail server itself is well, or a firewall looks into the connection");
		return;
	case TLS_CLOSED:
		probe_fail(probing, NULL, EXIT_CODE_TEMPORARY, REACH_NOTHING,
		    "the server hung up in the middle of the handshake",
		    "see its log: too many connections, a ban of this machine's address, no certificate?");
		return;
	default:
		probe_fail(probing, NULL, EXIT_CODE_CONFIG, REACH_NOTHING,
		    probe_say(probing, "the handshake failed: %s", facts->trouble),
		    "see the server's log for the same moment");
	}
}

static void
tell_clear(struct probing *probing)
{
	const char *start = probing->account->protocol == ACCOUNT_IMAP ? "STARTTLS" : "STLS";

	probe_note(probing, NULL, PROBE_WARNING,
	    "none, because of ?insecure=1: everybody on the way can read",
	    words_offers(probing->offers, start)
		? probe_say(probing, "leave ?insecure=1 out: the server offers %s", start)
		: "let the server offer TLS");
}

void
probe_step_tls(struct probing *probing)
{
	const struct account *account = probing->account;
	struct tls_facts *facts = &probing->probe->tls;
	struct tls_trust trust = trust_of(account);

	if (account->security == ACCOUNT_CLEAR) {
		tell_clear(probing);
		return;
	}
	if (!probe_connect(probing))
		return;
	wire_allow(&probing->wire, probing->seconds);
	probe_tls_start(&probing->wire.tls, facts, &probing->probe->arena, probing->wire.fd, probing->host,
	    &trust, probing->wire.deadline);
	if (facts->answer != TLS_DONE) {
		tell_no_handshake(probing, &trust);
		return;
	}
	probe_note(
	    probing, NULL, PROBE_OK, probe_say(probing, "%s, %s", facts->version, facts->cipher), NULL);
}

void
probe_step_certificate(struct probing *probing)
{
	char found[WORDS_TEXT], advice[WORDS_TEXT];
	struct tls_trust trust = trust_of(probing->account);
	const struct tls_facts *facts = &probing->probe->tls;
	const char *about = facts->count > 0 ? facts->chain[0].subject : NULL, *what, *todo;
	enum words_certificate verdict =
	    words_certificate(found, advice, facts, probing->host, trust_text(&trust), (int64_t)time(NULL));

	what = probe_say(probing, "%s", found);
	todo = advice[0] != '\0' ? probe_say(probing, "%s", advice) : NULL;
	if (verdict == CERTIFICATE_BAD)
		probe_fail(probing, about, EXIT_CODE_CONFIG, REACH_TALK, what, todo);
	else
		probe_note(
		    probing, about, verdict == CERTIFICATE_SOON ? PROBE_WARNING : PROBE_OK, what, todo);
}
