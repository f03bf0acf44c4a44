/*
 * floor: a yardstick for import: the least that any import of gzipped aggregate reports has to do, on one
 * thread. Each *.gz below a folder is read, inflated with its checksum, parsed with libxml2's SAX2 push
 * parser, and each record becomes one bare row. No originals, duplicates, dictionaries, roll-up, repairs or
 * checks; one transaction.
 *
 *     floor FOLDER DATABASE     prints "REPORTS RECORDS MESSAGES"
 */
#include <arpa/inet.h>
#include <ftw.h>
#include <libxml/parser.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { PIECE = 65536, TEXT = 256 };

/* The elements whose text becomes a column, in the order of the columns. */
enum field { SOURCE_IP, COUNT, DISPOSITION, DKIM, SPF, HEADER_FROM, FIELDS };
static const char *const field_names[FIELDS] = {
    "source_ip", "count", "disposition", "dkim", "spf", "header_from"};

static char values[FIELDS][TEXT];
static char text[TEXT];
static size_t text_len;
static bool results; /* inside auth_results, whose dkim and spf are other things */
static long long reports, records, messages;
static sqlite3 *db;
static sqlite3_stmt *insert;
static xmlSAXHandler sax;

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what, db != NULL ? sqlite3_errmsg(db) : "");
	exit(1);
}

static void
add_row(void)
{
	unsigned char address[16];
	int len = 16;

	if (inet_pton(AF_INET6, values[SOURCE_IP], address) != 1) {
		len = 4;
		if (inet_pton(AF_INET, values[SOURCE_IP], address) != 1)
			die("no address");
	}
	records++;
	messages += strtoll(values[COUNT], NULL, 10);
	sqlite3_bind_int64(insert, 1, reports);
	sqlite3_bind_blob(insert, 2, address, len, SQLITE_STATIC);
	sqlite3_bind_int64(insert, 3, strtoll(values[COUNT], NULL, 10));
	for (int i = DISPOSITION; i < FIELDS; i++)
		sqlite3_bind_text(insert, i + 2, values[i], -1, SQLITE_STATIC);
	if (sqlite3_step(insert) != SQLITE_DONE)
		die("insert");
	sqlite3_reset(insert);
}

static void
on_start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
    const xmlChar **namespace, int attributes, int defaulted, const xmlChar **attribute)
{
	(void)data, (void)prefix, (void)uri, (void)namespaces, (void)namespace;
	(void)attributes, (void)defaulted, (void)attribute;
	text_len = 0;
	if (strcmp((const char *)name, "auth_results") == 0)
		results = true;
}

static void
on_text(void *data, const xmlChar *s, int len)
{
	size_t n = (size_t)len;

	(void)data;
	if (n > TEXT - 1 - text_len)
		n = TEXT - 1 - text_len;
	memcpy(text + text_len, s, n);
	text_len += n;
}

static void
on_end(void *data, const xmlChar *xml_name, const xmlChar *prefix, const xmlChar *uri)
{
	const char *name = (const char *)xml_name;

	(void)data, (void)prefix, (void)uri;
	if (strcmp(name, "auth_results") == 0)
		results = false;
	else if (strcmp(name, "record") == 0)
		add_row();
	for (int i = 0; !results && i < FIELDS; i++) {
		if (strcmp(name, field_names[i]) == 0) {
			memcpy(values[i], text, text_len);
			values[i][text_len] = '\0';
		}
	}
	text_len = 0;
}

static void
inflate_into(xmlParserCtxtPtr parser, FILE *file)
{
	static unsigned char in[PIECE], out[PIECE];
	z_stream z = {0};
	int status = Z_OK;

	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		die("zlib");
	while (status == Z_OK) {
		if (z.avail_in == 0) {
			z.next_in = in;
			z.avail_in = (uInt)fread(in, 1, sizeof in, file);
		}
		z.next_out = out;
		z.avail_out = sizeof out;
		status = inflate(&z, Z_NO_FLUSH);
		xmlParseChunk(parser, (const char *)out, (int)(sizeof out - z.avail_out), 0);
	}
	if (status != Z_STREAM_END)
		die("damaged gzip");
	inflateEnd(&z);
}

static int
on_file(const char *path, const struct stat *info, int type, struct FTW *where)
{
	size_t len = strlen(path);
	xmlParserCtxtPtr parser;
	FILE *file;

	(void)info, (void)where;
	if (type != FTW_F || len < 3 || strcmp(path + len - 3, ".gz") != 0)
		return 0;
	if ((file = fopen(path, "rb")) == NULL ||
	    (parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL)) == NULL)
		die(path);
	setvbuf(file, NULL, _IONBF, 0);
	reports++;
	inflate_into(parser, file);
	if (xmlParseChunk(parser, NULL, 0, 1) != 0)
		die("not well-formed");
	xmlFreeParserCtxt(parser);
	fclose(file);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *begin =
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE record (report INTEGER, "
	    "ip BLOB, count INTEGER, disposition, dkim, spf, header_from); BEGIN";

	if (argc != 3)
		return 64;
	sax.initialized = XML_SAX2_MAGIC;
	sax.startElementNs = on_start;
	sax.endElementNs = on_end;
	sax.characters = on_text;
	unlink(argv[2]);
	if (sqlite3_open(argv[2], &db) != SQLITE_OK ||
	    sqlite3_exec(db, begin, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)", -1, &insert, NULL) !=
		SQLITE_OK)
		die(argv[2]);
	if (nftw(argv[1], on_file, 64, FTW_PHYS) != 0)
		die(argv[1]);
	if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		die("commit");
	sqlite3_finalize(insert);
	sqlite3_close(db);
	printf("%lld %lld %lld\n", reports, records, messages);
	return 0;
}
