/* What the store knows of mails on servers, for sources that ask before they fetch. */
#include "contract/world.h"

#include <stdio.h>
#include <string.h>

static void
put_mail(const char *folder, const char *name, uint64_t number, enum item_state state, int64_t mtime)
{
	struct parcel *parcel = item_begin(folder, name, NULL);

	parcel->first->u.item.inode = number;
	parcel->first->u.item.mtime = mtime;
	item_end(parcel, name, 1, true);
	parcel->last->u.item_end.state = state;
	parcel->first->next->next->u.arrival_end.used = false;
	apply(parcel);
}

static void
take_listed(void *to, uint64_t number, enum item_state state)
{
	char *text = to;
	size_t len = strlen(text);

	(void)snprintf(text + len, 200 - len, "%llu=%d ", (unsigned long long)number, (int)state);
}

/* Mails of a folder on a server in the order of their numbers; unread ones are new, files are none of it. */
START_TEST(listed)
{
	static const struct {
		const char *folder, *name;
		uint64_t inode;
		enum item_state state;
	} cases[] = {
	    {"imaps://a/INBOX", ";UID=4", 4, ITEM_STAYS},
	    {"imaps://a/INBOX", ";UID=9", 9, ITEM_KEPT},
	    {"imaps://a/INBOX", ";UID=5", 5, 0},
	    {"imaps://a/INBOX", ";UID=3", 3, 0},
	    {"imaps://a/INBOX", ";UID=4", 9, 0},
	    {"imaps://b/INBOX", ";UID=4", 4, ITEM_CUT},
	    {"imaps://c/INBOX", ";UID=4", 4, 0},
	};
	char text[200] = "";
	enum item_state known;
	struct item_info item;
	struct err err;
	size_t i;

	put_mail("imaps://a/INBOX", ";UID=9", 9, ITEM_KEPT, 0);
	put_mail("imaps://a/INBOX", ";UID=5", 5, ITEM_UNREAD, 0);
	put_mail("imaps://b/INBOX", ";UID=4", 4, ITEM_CUT, 0);
	put_mail("imaps://a/INBOX", ";UID=4", 4, ITEM_UNREAD, 0);
	put_mail("imaps://a/INBOX", ";UID=4", 4, ITEM_STAYS, 0);
	put_mail("imaps://a/INBOX", ";UID=10", 10, ITEM_REJECTED, 0);
	put_mail("imaps://a/INBOX", ";UID=3", 3, ITEM_KEPT, INT64_C(1767225600123456789));
	commit();
	world_reopen(STORE_READ);
	ck_assert_int_eq(store_list(store, str_of("imaps://a/INBOX"), take_listed, text, &err), OK);
	ck_assert_str_eq(text, "4=2 9=1 10=4 ");
	text[0] = '\0';
	ck_assert_int_eq(store_list(store, str_of("imaps://c/INBOX"), take_listed, text, &err), OK);
	ck_assert_str_eq(text, "");
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		item = (struct item_info){.folder = str_of(cases[i].folder),
		    .name = str_of(cases[i].name),
		    .inode = cases[i].inode};
		ck_assert_int_eq(store_find(&known, store, &item, &err), OK);
		ck_assert_msg(known == cases[i].state, "%zu: %d", i, (int)known);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("store_known");
	TCase *tests = tcase_create("store_known");

	tcase_add_checked_fixture(tests, world_set_up, world_tear_down);
	tcase_add_test(tests, listed);
	suite_add_tcase(suite, tests);
	return world_run(suite);
}
