/* asked_sender: a word of the command line becomes an address, a network or the name of a source. */
#include "query/asked_sender.h"

#include "analysis/classify.h"
#include "analysis/senders.h"
#include "report/organisation.h"
#include "report/value.h"

#include <stdio.h>
#include <string.h>

enum {
	IPV4_BITS = 96, /* in front of an IPv4 address in 16 bytes */
	IPV4_LEAST = 8, /* shorter prefixes than these are no sender's */
	IPV6_LEAST = 16,
	NETWORK_TEXT = 64,
};

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* The first and the last address of the network of so many bits around an address. */
static void
find_range(struct asked_sender *sender, const unsigned char ip[16], size_t bits)
{
	size_t i, kept;
	unsigned char mask;

	for (i = 0; i < 16; i++) {
		kept = bits <= i * 8 ? 0 : bits - i * 8;
		mask = (unsigned char)(kept >= 8 ? 0xffU : 0xff00U >> kept);
		sender->low[i] = (unsigned char)(ip[i] & mask);
		sender->high[i] = (unsigned char)(ip[i] | (unsigned char)~mask);
	}
}

/* The canonical text of 16 bytes. */
static struct str
text_of(struct asked_sender *sender, const unsigned char ip[16])
{
	char groups[NETWORK_TEXT];
	unsigned char same[16];
	struct str text;

	if (memcmp(ip, mapped, sizeof mapped) == 0)
		(void)snprintf(groups, sizeof groups, "%u.%u.%u.%u", ip[12], ip[13], ip[14], ip[15]);
	else
		(void)snprintf(groups, sizeof groups, "%x:%x:%x:%x:%x:%x:%x:%x", ip[0] << 8 | ip[1],
		    ip[2] << 8 | ip[3], ip[4] << 8 | ip[5], ip[6] << 8 | ip[7], ip[8] << 8 | ip[9],
		    ip[10] << 8 | ip[11], ip[12] << 8 | ip[13], ip[14] << 8 | ip[15]);
	(void)value_ip(same, &text, arena_str(&sender->arena, str_of(groups)), &sender->arena);
	return text;
}

/* ipv4: it is written so; an IPv4-mapped network is one in 16 bytes that may be an IPv4 network too. */
static enum status
read_network(
    struct asked_sender *sender, const unsigned char ip[16], bool ipv4, const char *prefix, struct err *err)
{
	int64_t bits, least = ipv4 ? IPV4_LEAST : IPV6_LEAST, most = ipv4 ? 32 : 128;
	char text[NETWORK_TEXT];
	struct str low;

	if (!text_i64(&bits, prefix, strlen(prefix), least, most) || !text_is_digit(prefix[0]))
		return err_stop(err, EXIT_CODE_USAGE, "not the prefix of an %s network: \"/%s\": /%d to /%d",
		    ipv4 ? "IPv4" : "IPv6", prefix, (int)least, (int)most);
	find_range(sender, ip, (size_t)(ipv4 ? bits + IPV4_BITS : bits));
	low = text_of(sender, sender->low);
	if (!ipv4 && bits >= IPV4_BITS && memcmp(sender->low, mapped, sizeof mapped) == 0)
		bits -= IPV4_BITS;
	(void)snprintf(text, sizeof text, "%.*s/%d", (int)low.len, low.data, (int)bits);
	sender->kind = "network";
	sender->text = arena_str(&sender->arena, str_of(text));
	if (memcmp(sender->low, ip, 16) != 0)
		return err_stop(err, EXIT_CODE_USAGE, "the address has bits behind /%d; the network is %s",
		    (int)bits, text);
	return OK;
}

/* A domain with a dot, whose last label is no number: "192.0.2" and "300.1.1.1" are none. */
static bool
is_domain(struct str *domain, struct asked_sender *sender)
{
	size_t i;

	if (value_domain(domain, sender->text, &sender->arena) == FIT_NONE)
		return false;
	for (i = domain->len; i > 0 && domain->data[i - 1] != '.'; i--)
		continue;
	return i > 0 && i < domain->len && !text_is_digit(domain->data[i]);
}

static void
read_name(struct asked_sender *sender)
{
	struct str domain;

	sender->tenant = is_domain(&domain, sender) && mail_is_tenant(domain);
	if (sender->tenant)
		sender->text = domain;
}

enum status
asked_sender_read(struct asked_sender *sender, const char *text, struct err *err)
{
	const char *slash = strchr(text, '/');
	struct str typed = str_trim(str_of(text)), address = typed;
	unsigned char ip[16];

	*sender = (struct asked_sender){.kind = "source", .text = typed};
	arena_init(&sender->arena);
	if (typed.len == 0)
		return err_stop(
		    err, EXIT_CODE_USAGE, "an address, a network or the name of a source is needed");
	if (slash != NULL)
		address.len = (size_t)(slash - address.data);
	if (value_ip(ip, &address, address, &sender->arena) == FIT_NONE) {
		read_name(sender);
		return OK;
	}
	if (slash != NULL)
		return read_network(sender, ip, strchr(text, ':') == NULL, slash + 1, err);
	sender->kind = "address";
	sender->text = address;
	return OK;
}

void
asked_sender_bind(const struct asked_sender *sender, struct stmt *stmt)
{
	int param;

	if ((param = stmt_param(stmt, ":kind")) > 0)
		stmt_bind_text(stmt, param, str_of(sender->kind));
	if ((param = stmt_param(stmt, ":sender")) > 0)
		stmt_bind_text(stmt, param, sender->text);
	if ((param = stmt_param(stmt, ":tenant")) > 0)
		stmt_bind_i64(stmt, param, sender->tenant);
	if ((param = stmt_param(stmt, ":low")) > 0)
		stmt_bind_bytes(stmt, param, sender->low, sizeof sender->low);
	if ((param = stmt_param(stmt, ":high")) > 0)
		stmt_bind_bytes(stmt, param, sender->high, sizeof sender->high);
}

bool
asked_sender_is_name(const struct asked_sender *sender)
{
	return strcmp(sender->kind, "source") == 0;
}

bool
asked_sender_rename(struct asked_sender *sender)
{
	struct senders *senders = senders_new();
	const struct sender *service = sender_by_name(senders, sender->text);
	struct str domain;
	bool found = !sender->tenant;

	if (sender->tenant)
		service = NULL;
	else if (service == NULL && is_domain(&domain, sender)) {
		service = sender_by_dkim(senders, domain);
		sender->text = domain_org(domain);
	} else {
		found = service != NULL;
	}
	if (service != NULL)
		sender->text = service->name;
	senders_free(senders);
	return found;
}

enum status
asked_sender_is_address(const struct asked_sender *sender, struct err *err)
{
	if (strcmp(sender->kind, "source") != 0)
		return OK;
	return err_stop(err, EXIT_CODE_USAGE, "--source: neither an address nor a network: \"%.*s\"",
	    (int)sender->text.len, sender->text.data);
}

enum status
asked_sender_near(char to[ASKED_NEAR], const struct asked_sender *sender, struct db *db, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text("query/why_near.sql"), err);
	size_t used = 0;
	struct str name;
	bool row = false;

	to[0] = '\0';
	if (status == OK)
		asked_sender_bind(sender, stmt);
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row) {
		name = stmt_text(stmt, 0);
		if (used + name.len + 3 < ASKED_NEAR)
			used += (size_t)snprintf(to + used, ASKED_NEAR - used, "%s%.*s", used > 0 ? ", " : "",
			    (int)name.len, name.data);
	}
	stmt_free(stmt);
	return status;
}

enum status
asked_sender_unknown(const struct asked_sender *sender, struct db *db, struct err *err)
{
	char near[ASKED_NEAR];
	enum status status = asked_sender_near(near, sender, db, err);
	int64_t reports;

	if (status != OK)
		return status;
	if (near[0] != '\0')
		return err_stop(err, EXIT_CODE_DATA, "no source is called \"%.*s\"; near it: %s",
		    (int)sender->text.len, sender->text.data, near);
	status = db_number(&reports, db, "SELECT EXISTS (SELECT 1 FROM report)", err);
	if (status != OK)
		return status;
	if (reports == 0)
		return err_stop(err, EXIT_CODE_DATA,
		    "no source is called \"%.*s\": there are no reports yet, `dmarcq import` reads them",
		    (int)sender->text.len, sender->text.data);
	return err_stop(err, EXIT_CODE_DATA, "no source is called \"%.*s\": `dmarcq top-failures` lists them",
	    (int)sender->text.len, sender->text.data);
}

void
asked_sender_free(struct asked_sender *sender)
{
	arena_free(&sender->arena);
}
