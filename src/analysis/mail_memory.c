/*
 * mail_memory: what is remembered of mail that passed, and what that says of the sender of a row. Passes by
 * aligned SPF or at a known service prove most; those by DKIM alone little, since a signed mail can be sent
 * again by anyone. A new proof is a mail_voice and its line in mail_passed and mail_history.
 */
#include "analysis/mailing.h"

#include "analysis/sources.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { ADDRESS = 16, SALT_KEY = 2, SALT_NET = 3, DAYS = 3 /* that a key alone has to pass on */ };

/* ---- voices ---- */

static void
hear(struct mail_voice *voice, const struct mail *mail, const struct mail_row *row)
{
	int16_t day = (int16_t)(mail->span.as_of - row->day);
	unsigned i;

	if (voice->days == 0)
		voice->reporter = row->reporter;
	voice->several = voice->several || voice->reporter != row->reporter;
	voice->authentic = voice->authentic || row->authentic;
	for (i = 0; i < voice->days && i < DAYS - 1; i++)
		if (voice->day[i] == day)
			return;
	if (voice->days < DAYS - 1)
		voice->day[voice->days] = day;
	if (voice->days < DAYS)
		voice->days++;
}

/* Whether a row may build on it: what one reporter made up costs only its own rows. */
static bool
is_vouched(const struct mail_voice *voice, uint32_t reporter)
{
	return voice->days > 0 && (voice->several || voice->authentic || voice->reporter == reporter);
}

bool
mail_is_sure(const struct mail *mail, const struct mail_voice *voice)
{
	return voice->days > 0 && (voice->several || voice->authentic || mail->reporter_count == 1);
}

/* ---- addresses and networks ---- */

struct str
mail_address_key(char to[MAIL_KEY], const struct mail_row *row)
{
	if (row->ip != NULL)
		return mail_key(to, 'a', row->ip, ADDRESS);
	return mail_key(to, 't', row->ip_text.data, row->ip_text.len);
}

struct mail_address *
mail_find_address(const struct mail *mail, const struct mail_row *row)
{
	char key[MAIL_KEY];
	int64_t number = intern_find(&mail->addresses, mail_address_key(key, row));

	return number == 0 ? NULL : &mail->address[number - 1];
}

static struct mail_address *
get_address(struct mail *mail, const struct mail_row *row)
{
	struct mail_address *address = mail_find_address(mail, row);
	char key[MAIL_KEY];

	if (address != NULL || mail->addresses.count >= MAIL_MANY * mail->span.most)
		return address;
	mail->address =
	    mem_room(mail->address, &mail->address_cap, mail->addresses.count, sizeof *mail->address);
	address = &mail->address[mail->addresses.count];
	*address = (struct mail_address){.spf_source = UINT32_MAX};
	(void)intern_number(&mail->addresses, mail_address_key(key, row));
	return address;
}

static int64_t
net_key(const struct mail *mail, const unsigned char *ip)
{
	return mail_hash(mail, SALT_NET, ip, source_prefix(ip));
}

static const struct mail_net *
find_net(const struct mail *mail, const struct mail_row *row)
{
	int64_t number;

	if (row->ip == NULL || !intmap_get(&number, &mail->net_of, net_key(mail, row->ip)))
		return NULL;
	return &mail->nets[number];
}

/* The one of two sources that is named first, so that the order of rows makes no difference. */
static uint32_t
first_named(const struct mail *mail, uint32_t a, uint32_t b)
{
	struct str x, y;
	int order;

	if (a == UINT32_MAX || b == UINT32_MAX)
		return a == UINT32_MAX ? b : a;
	x = mail->sources[a].name;
	y = mail->sources[b].name;
	if (x.data == NULL || y.data == NULL)
		return x.data == NULL ? b : a;
	order = memcmp(x.data, y.data, x.len < y.len ? x.len : y.len);
	return order < 0 || (order == 0 && x.len <= y.len) ? a : b;
}

static void
add_net(struct mail *mail, uint32_t source, const struct mail_row *row)
{
	int64_t key = net_key(mail, row->ip), number;
	uint64_t address = (uint64_t)mail_hash(mail, SALT_NET, row->ip, ADDRESS);
	struct mail_net *net;

	if (!intmap_get(&number, &mail->net_of, key)) {
		if (mail->net_count >= MAIL_MANY * mail->span.most)
			return;
		mail->nets = mem_room(mail->nets, &mail->net_cap, mail->net_count, sizeof *mail->nets);
		mail->nets[mail->net_count] = (struct mail_net){.address = address, .spf_source = UINT32_MAX};
		number = (int64_t)mail->net_count++;
		intmap_put(&mail->net_of, key, number);
	}
	net = &mail->nets[number];
	net->several = net->several || net->address != address;
	net->spf_source = first_named(mail, net->spf_source, source);
	hear(&net->voice, mail, row);
}

/* One address that passed says nothing of the others, which may be anyone's. */
static bool
net_passed(const struct mail *mail, const struct mail_row *row)
{
	const struct mail_net *net = find_net(mail, row);

	return net != NULL && net->several && is_vouched(&net->voice, row->reporter);
}

static bool
address_passed(const struct mail_address *address, uint32_t reporter)
{
	return is_vouched(&address->by_spf, reporter) || is_vouched(&address->by_service, reporter) ||
	       (address->by_key.days >= DAYS && is_vouched(&address->by_key, reporter));
}

bool
mail_passes_by_spf(const struct mail *mail, const struct mail_row *row)
{
	const struct mail_address *address = mail_find_address(mail, row);

	return row->facts->spf || (address != NULL && is_vouched(&address->by_spf, row->reporter));
}

uint32_t
mail_owner(const struct mail *mail, const struct mail_row *row)
{
	const struct mail_address *address = mail_find_address(mail, row);

	if (address != NULL && is_vouched(&address->by_spf, row->reporter))
		return address->spf_source;
	if (row->facts->outcome == OUTCOME_FAIL && net_passed(mail, row))
		return find_net(mail, row)->spf_source;
	return UINT32_MAX;
}

/* ---- tenants ---- */

static void
add_tenant(struct mail *mail, const struct mail_row *row)
{
	struct str tenant = row->facts->tenant;
	char key[MAIL_KEY];
	struct mail_tenant *known;
	int64_t number;

	if (mail->tenant_names.count >= mail->span.most &&
	    intern_find(&mail->tenant_names, mail_key(key, 's', tenant.data, tenant.len)) == 0)
		return;
	number = intern_number(&mail->tenant_names, mail_key(key, 's', tenant.data, tenant.len));
	if ((size_t)number > mail->tenant_count) {
		mail->tenants =
		    mem_room(mail->tenants, &mail->tenant_cap, mail->tenant_count, sizeof *mail->tenants);
		mail->tenants[mail->tenant_count++] = (struct mail_tenant){0};
	}
	known = &mail->tenants[number - 1];
	hear(row->facts->spf ? &known->by_spf : &known->by_key, mail, row);
}

bool
mail_tenant_own(const struct mail *mail, const struct mail_row *row)
{
	struct str tenant = row->facts->tenant;
	const struct mail_tenant *known;
	char key[MAIL_KEY];
	int64_t number;

	if (tenant.data == NULL)
		return false;
	number = intern_find(&mail->tenant_names, mail_key(key, 's', tenant.data, tenant.len));
	if (number == 0)
		return false;
	known = &mail->tenants[number - 1];
	return is_vouched(&known->by_spf, row->reporter) ||
	       (known->by_key.days >= DAYS && is_vouched(&known->by_key, row->reporter));
}

/* ---- keys ---- */

/* The key of the domain's own signature; 0: there is none. */
static int64_t
own_key(const struct mail *mail, const struct mail_facts *facts)
{
	char bytes[2 * MAIL_KEY];
	size_t domain, selector;

	if (facts->own_domain.data == NULL)
		return 0;
	domain = facts->own_domain.len < MAIL_KEY ? facts->own_domain.len : MAIL_KEY - 1;
	selector = facts->own_selector.len < MAIL_KEY ? facts->own_selector.len : MAIL_KEY - 1;
	memcpy(bytes, facts->own_domain.data, domain);
	bytes[domain] = '\0';
	memcpy(bytes + domain + 1, facts->own_selector.data, selector);
	return mail_hash(mail, SALT_KEY, bytes, domain + 1 + selector);
}

static void
remember(struct mail *mail, struct intmap *map, int64_t key)
{
	int64_t known;

	if (!intmap_get(&known, map, key) && map->count < MAIL_MANY * mail->span.most)
		intmap_put(map, key, 1);
}

/* Only the smallest are kept, so that the order of rows makes no difference. */
static void
add_key(struct mail_address *address, uint64_t key)
{
	size_t i, k;

	for (i = 0; i < MAIL_KEYS && address->keys[i] != 0 && address->keys[i] <= key; i++)
		if (address->keys[i] == key)
			return;
	if (i == MAIL_KEYS)
		return;
	for (k = MAIL_KEYS - 1; k > i; k--)
		address->keys[k] = address->keys[k - 1];
	address->keys[i] = key;
}

/* ---- what passed ---- */

static bool
is_sending(const struct sender *service)
{
	return service != NULL && !sender_passes_on(service);
}

static void
source_passed(struct mail *mail, uint32_t number, const struct mail_row *row)
{
	struct mail_source *source = &mail->sources[number];
	struct mail_trust *trust = &mail->trust[number];

	if (row->facts->spf || is_sending(row->facts->service)) {
		source->passed_last =
		    trust->passes.days > 0 && source->passed_last > row->day ? source->passed_last : row->day;
		hear(&trust->passes, mail, row);
	} else if (row->facts->own_passes) {
		hear(&trust->relays, mail, row);
	}
}

void
mail_passed(struct mail *mail, uint32_t number, const struct mail_row *row)
{
	const struct mail_facts *facts = row->facts;
	struct mail_address *address = get_address(mail, row);
	int64_t key = own_key(mail, facts);

	mail_saw_source(mail, number, row->day);
	source_passed(mail, number, row);
	if (facts->tenant.data != NULL)
		add_tenant(mail, row);
	if (facts->spf && key != 0 && facts->own_passes)
		remember(mail, &mail->spf_keys, key);
	if (facts->spf && row->ip != NULL)
		add_net(mail, number, row);
	if (address == NULL)
		return;
	hear(facts->spf                   ? &address->by_spf
	     : is_sending(facts->service) ? &address->by_service
					  : &address->by_key,
	    mail, row);
	if (facts->spf)
		address->spf_source = first_named(mail, address->spf_source, number);
	else if (key != 0 && facts->own_passes && !is_sending(facts->service))
		add_key(address, (uint64_t)key);
	else
		address->sender = true;
}

void
mail_told(struct mail *mail, const struct mail_row *row)
{
	uint32_t number;

	if (row->facts->source.data == NULL || row->facts->tenant.data != NULL)
		return;
	number = mail_place(mail, row, false).source;
	if (number == mail->other_source)
		return;
	mail_saw_source(mail, number, row->day);
	hear(&mail->trust[number].relays, mail, row);
}

/* ---- what that says of a row ---- */

static bool
relays(const struct mail *mail, const struct mail_address *address, uint32_t reporter)
{
	int64_t known;
	size_t i;

	if (is_vouched(&address->by_spf, reporter) || address->sender)
		return false;
	for (i = 0; i < MAIL_KEYS && address->keys[i] != 0; i++)
		if (!intmap_get(&known, &mail->spf_keys, (int64_t)address->keys[i]))
			return false;
	return address->keys[0] != 0;
}

void
mail_history(struct mail_history *history, const struct mail *mail, const struct mail_row *row)
{
	const struct mail_address *address = mail_find_address(mail, row);
	const struct mail_trust *trust = mail_trust_of(mail, row->facts->source);
	int64_t key = own_key(mail, row->facts), known;

	*history = (struct mail_history){
	    .source_passed = row->facts->source.data == NULL
				 ? net_passed(mail, row)
				 : trust != NULL && is_vouched(&trust->passes, row->reporter),
	    .address_passed = address != NULL && address_passed(address, row->reporter),
	    .address_spf = address != NULL && is_vouched(&address->by_spf, row->reporter),
	    .address_relays = address != NULL && relays(mail, address, row->reporter),
	    .source_relays = trust != NULL && is_vouched(&trust->relays, row->reporter),
	    .selector_own = key != 0 && intmap_get(&known, &mail->spf_keys, key),
	    .tenant_own = mail_tenant_own(mail, row),
	};
}

void
mail_memory_free(struct mail *mail)
{
	intern_free(&mail->addresses);
	intern_free(&mail->tenant_names);
	intmap_free(&mail->spf_keys);
	intmap_free(&mail->net_of);
	free(mail->address);
	free(mail->nets);
	free(mail->tenants);
	free(mail->trust);
}
