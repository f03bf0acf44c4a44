/* known: what became of mails on servers in earlier runs, for sources that ask before they fetch. */
#include "store/writer.h"

enum status
store_list(struct store *store, struct str folder,
    void (*take)(void *to, uint64_t inode, enum item_state state), void *to, struct err *err)
{
	struct stmt *stmt = NULL;
	bool row = true;
	enum status status = stmt_prepare(&stmt, store->db, schema_text("import/file_list.sql"), err);

	if (status == OK)
		stmt_bind_text(stmt, 1, folder);
	while (status == OK && row) {
		status = stmt_step(stmt, &row, err);
		if (status == OK && row)
			take(to, (uint64_t)stmt_i64(stmt, 0), (enum item_state)stmt_i64(stmt, 1));
	}
	stmt_free(stmt);
	return status;
}

enum status
store_find(enum item_state *state, struct store *store, const struct item_info *item, struct err *err)
{
	enum status status = OK;
	bool row;

	*state = 0;
	if (store->found == NULL)
		status = stmt_prepare(&store->found, store->db, schema_text("import/file_found.sql"), err);
	if (status != OK)
		return status;
	stmt_bind_text(store->found, 1, item->folder);
	stmt_bind_i64(store->found, 2, (int64_t)item->inode);
	stmt_bind_text(store->found, 3, item->name);
	status = stmt_step(store->found, &row, err);
	if (status == OK && row)
		*state = (enum item_state)stmt_i64(store->found, 0);
	stmt_reset(store->found);
	return status;
}
