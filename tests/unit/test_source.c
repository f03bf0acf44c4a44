/* Files, folders and standard input: what is handed out, in which order, under which identity; what is read.
 */
#include "source/listing.h"
#include "unit/sources.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
feed_stdin(const char *text)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(close(ends[1]), 0);
	ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	ck_assert_int_eq(close(ends[0]), 0);
}

START_TEST(file_identity)
{
	struct source *source;
	struct item *item, *none;
	struct stat st;
	struct err err;

	make_folders((const char *const[]){"d", NULL});
	make_file("d/a.xml", "hello");
	ck_assert_int_eq(symlink("d/a.xml", "link"), 0);
	ck_assert_int_eq(stat("d/a.xml", &st), 0);
	source = open_source(_i == 0 ? "d/../d/a.xml" : "link");
	ck_assert_uint_eq(source_total(source), 1);
	item = first_of(source);
	ck_assert_str_eq(below_top(item->folder), "d");
	ck_assert_str_eq(item->name, "a.xml");
	ck_assert_str_eq(below_top(item->path), "d/a.xml");
	ck_assert_uint_eq(item->size, 5);
	ck_assert_uint_eq(item->inode, st.st_ino);
	ck_assert_int_eq(item->mtime, st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec);
	ck_assert(item->remember && !item->maildir_new);
	reads(item, "hello");
	ck_assert_int_eq(source_next(source, &none, &err), SKIP);
	item_free(item);
	source_close(source);
}
END_TEST

START_TEST(source_not_there)
{
	static const struct {
		const char *text, *what;
	} cases[] = {
	    {"nothing", "No such file or directory"},
	    {"", "No such file or directory"},
	    {"file/x", "Not a directory"},
	    {"loop", "Too many levels of symbolic links"},
	    {"dangling", "No such file or directory"},
	    {"fifo", "neither a file nor a folder; the source - reads from a pipe"},
	};
	struct source *source;
	struct err err;

	make_file("file", "");
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	ck_assert_int_eq(symlink("nothing", "dangling"), 0);
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	ck_assert_int_eq(source_open(&source, cases[_i].text, &options, &err), FATAL);
	ck_assert_ptr_null(source);
	ck_assert_str_eq(err.where, cases[_i].text);
	ck_assert_str_eq(err.what, cases[_i].what);
	ck_assert_int_eq((int)err.exit_code, EXIT_CODE_DATA);
}
END_TEST

START_TEST(source_forbidden)
{
	struct source *source;
	struct item *item;
	struct err err;

	drop_root();
	make_folders((const char *const[]){"shut", "tree", "tree/b", NULL});
	make_file("tree/a", "x");
	make_file("tree/c", "y");
	ck_assert_int_eq(chmod("tree/a", 0), 0);
	ck_assert_int_eq(chmod("tree/b", 0), 0);
	ck_assert_int_eq(chmod("shut", 0), 0);
	ck_assert_int_eq(source_open(&source, "shut", &options, &err), FATAL);
	ck_assert_int_eq((int)err.exit_code, EXIT_CODE_PERMISSION);
	ck_assert_str_eq(below_top(err.where), "shut");
	ck_assert_str_eq(err.what, "cannot read folder: Permission denied");
	ck_assert_int_eq(source_open(&source, "shut/x", &options, &err), FATAL);
	ck_assert_int_eq((int)err.exit_code, EXIT_CODE_PERMISSION);
	ck_assert_str_eq(all_of("tree"), "tree|a\n! tree/b: cannot read folder: Permission denied\ntree|c\n");
	source = open_source("tree");
	item = first_of(source);
	reads_not(item, BAD, "cannot open: Permission denied");
	item_free(item);
	source_close(source);
	ck_assert_int_eq(chmod("shut", 0755), 0);
	ck_assert_int_eq(chmod("tree/b", 0755), 0);
}
END_TEST

START_TEST(folder_order)
{
	make_folders(
	    (const char *const[]){"t", "t/b", "t/b/deep", "t/empty", "t/cur", "t/new", "other", NULL});
	make_file("t/c.xml", "");
	make_file("t/a.xml", "");
	make_file("t/B.xml", "");
	make_file("t/.hidden", "");
	make_file("t/\xff", "");
	make_file("t/\xc3\xa4", "");
	make_file("t/b/2", "");
	make_file("t/b/10", "");
	make_file("t/b/deep/x", "");
	make_file("t/new/mail:2,S", "");
	make_file("other/not-mine", "");
	ck_assert_int_eq(symlink("../other", "t/link"), 0);
	ck_assert_int_eq(symlink("../other/not-mine", "t/link-file"), 0);
	ck_assert_int_eq(mkfifo("t/fifo", 0600), 0);
	/* cur/ and new/ without tmp/ below a folder are ordinary folders. */
	ck_assert_str_eq(all_of("."),
	    "other|not-mine\nt|.hidden\nt|B.xml\nt|a.xml\nt/b|10\nt/b|2\nt/b/deep|x\nt|c.xml\n"
	    "t/new|mail:2,S\nt|\xc3\xa4\nt|\xff\n");
	ck_assert_str_eq(all_of("t/b/../b/"), "t/b|10\nt/b|2\nt/b/deep|x\n");
}
END_TEST

START_TEST(folder_total)
{
	struct source *source;
	struct item *item;
	struct err err;

	make_folders((const char *const[]){"t", "t/b", NULL});
	make_file("t/a", "");
	make_file("t/b/1", "");
	make_file("t/b/2", "");
	make_file("t/c", "");
	source = open_source("t");
	ck_assert_uint_eq(source_total(source), 0);
	item_free(first_of(source));
	ck_assert_uint_eq(source_total(source), 0);
	item_free(first_of(source));
	ck_assert_uint_eq(source_total(source), 4);
	item_free(first_of(source));
	item_free(first_of(source));
	ck_assert_uint_eq(source_total(source), 4);
	ck_assert_int_eq(source_next(source, &item, &err), SKIP);
	ck_assert_int_eq(source_next(source, &item, &err), SKIP);
	ck_assert_ptr_null(item);
	source_close(source);
}
END_TEST

START_TEST(folder_vanishes)
{
	struct source *source;
	struct item *item;
	struct err err;

	make_folders((const char *const[]){"t", "t/a", NULL});
	make_file("t/a/1", "");
	make_file("t/a/2", "");
	make_file("t/a/3", "");
	make_file("t/b", "");
	make_file("t/c", "");
	source = open_source("t");
	item_free(first_of(source));
	ck_assert_int_eq(unlink("t/b"), 0);
	remove_all("t/a");
	ck_assert_int_eq(source_next(source, &item, &err), BAD);
	ck_assert_str_eq(below_top(err.where), "t/a");
	ck_assert_str_eq(err.what, "the folder vanished while it was read");
	ck_assert_int_eq(source_next(source, &item, &err), BAD);
	ck_assert_str_eq(below_top(err.where), "t/b");
	ck_assert_str_eq(err.what, "No such file or directory");
	item = first_of(source);
	ck_assert_str_eq(item->name, "c");
	ck_assert_int_eq(unlink("t/c"), 0);
	reads_not(item, BAD, "cannot open: No such file or directory");
	item_free(item);
	ck_assert_int_eq(source_next(source, &item, &err), SKIP);
	source_close(source);
}
END_TEST

START_TEST(file_sizes)
{
	struct source *source;
	struct spool spool;
	struct item *item;
	struct err err;
	char byte;
	int fd;

	make_file("f", "12345678");
	source = open_source("f");
	item = first_of(source);
	limits.spool_memory = 8;
	reads(item, "12345678");
	limits.spool_memory = 7;
	spool_init(&spool);
	ck_assert_int_eq(item_read(item, &spool, &fd, &err), OK);
	ck_assert_int_ge(fd, 0);
	ck_assert_uint_eq(spool.len, 0);
	ck_assert_int_eq(pread(fd, &byte, 1, 7), 1);
	ck_assert_int_eq(byte, '8');
	ck_assert_int_eq(close(fd), 0);
	spool_free(&spool);
	limits.input_bytes = 7;
	reads_not(item, LIMIT, "8 bytes, more than input-bytes allows (7)");
	/* What took its place since is not read. */
	ck_assert_int_eq(rename("f", "g"), 0);
	ck_assert_int_eq(symlink("g", "f"), 0);
	reads_not(item, BAD, "cannot open: Too many levels of symbolic links");
	ck_assert_int_eq(unlink("f"), 0);
	ck_assert_int_eq(mkfifo("f", 0600), 0);
	reads_not(item, BAD, "is no longer a file");
	item_free(item);
	source_close(source);
}
END_TEST

START_TEST(standard_input)
{
	struct source *source = open_source("-");
	struct item *item = first_of(source), *none;
	struct err err;

	ck_assert_str_eq(item->folder, "-");
	ck_assert_ptr_null(item->path);
	ck_assert(!item->remember);
	ck_assert_int_eq(source_next(source, &none, &err), SKIP);
	feed_stdin("Subject: report\n\n");
	reads(item, "Subject: report\n\n");
	ck_assert_int_eq(item_settle(item, FATE_STORED, &err), OK);
	feed_stdin("12345678");
	limits.input_bytes = 7;
	reads_not(item, LIMIT, "more than 7 bytes");
	ck_assert_int_eq(close(STDIN_FILENO), 0);
	reads_not(item, TEMP, "cannot read: Bad file descriptor");
	item_free(item);
	source_close(source);
}
END_TEST

/* A hundred thousand names of an ordinary length take less than 10 MB. */
START_TEST(listing_is_compact)
{
	struct listing listing;
	char name[64];
	int i;

	listing_init(&listing);
	for (i = 99999; i >= 0; i--) {
		(void)snprintf(name, sizeof name, "reporter.example!example.com!1767225600!%010d.xml.gz", i);
		ck_assert(listing_add(&listing, LISTING_FILE, "", name));
	}
	listing_sort(&listing, NULL);
	ck_assert_uint_eq(listing.count, 100000);
	ck_assert_str_eq(
	    listing_name(&listing, 0), "reporter.example!example.com!1767225600!0000000000.xml.gz");
	ck_assert_str_eq(
	    listing_name(&listing, 99999), "reporter.example!example.com!1767225600!0000099999.xml.gz");
	ck_assert_uint_lt(listing.text.cap + listing.cap * sizeof *listing.starts, 10000000);
	listing_free(&listing);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("source");
	TCase *tcase = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, file_identity, 0, 2);
	tcase_add_loop_test(tcase, source_not_there, 0, 6);
	tcase_add_test(tcase, source_forbidden);
	tcase_add_test(tcase, folder_order);
	tcase_add_test(tcase, folder_total);
	tcase_add_test(tcase, folder_vanishes);
	tcase_add_test(tcase, file_sizes);
	tcase_add_test(tcase, standard_input);
	tcase_add_test(tcase, listing_is_compact);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
