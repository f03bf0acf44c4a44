/* Buffers that keep their maximum, arenas whose pieces stay where they are, memory that ends the program. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "unit/drain.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

START_TEST(buf_grows_to_its_maximum)
{
	struct buf buf;
	size_t i;

	buf_init(&buf, 1000);
	ck_assert_ptr_null(buf.data);
	for (i = 0; i < 1000; i++)
		ck_assert(buf_add(&buf, i % 2 == 0 ? "a" : "b", 1));
	ck_assert_uint_eq(buf.len, 1000);
	ck_assert_uint_le(buf.cap, 1000);
	ck_assert(!buf_add(&buf, "c", 1));
	ck_assert(!buf_add_text(&buf, "cd"));
	ck_assert_ptr_null(buf_room(&buf, 1));
	ck_assert(buf_add(&buf, NULL, 0));
	ck_assert_uint_eq(buf.len, 1000);
	for (i = 0; i < 1000; i++)
		ck_assert_int_eq(buf.data[i], i % 2 == 0 ? 'a' : 'b');
	buf_clear(&buf);
	ck_assert_uint_eq(buf.len, 0);
	ck_assert(buf_add_text(&buf, "again"));
	ck_assert_mem_eq(buf.data, "again", 5);
	buf_free(&buf);
	ck_assert_ptr_null(buf.data);
	ck_assert_uint_eq(buf.max, 1000);
	ck_assert(!buf_add(&buf, "x", 1001));
	ck_assert(buf_add(&buf, "x", 1));
	buf_free(&buf);
}
END_TEST

/* A part of what doesn't fit is not added either, and no length wraps around. */
START_TEST(buf_refuses_whole)
{
	struct buf buf;

	buf_init(&buf, 10);
	ck_assert(buf_add_text(&buf, "12345678"));
	ck_assert(!buf_add_text(&buf, "9012"));
	ck_assert_uint_eq(buf.len, 8);
	ck_assert_ptr_null(buf_room(&buf, SIZE_MAX));
	ck_assert_ptr_null(buf_room(&buf, SIZE_MAX - 4));
	ck_assert_ptr_nonnull(buf_room(&buf, 2));
	ck_assert_uint_eq(buf.len, 8);
	buf_free(&buf);
}
END_TEST

START_TEST(arena_keeps_pieces)
{
	enum { PIECES = 3000 };
	static const size_t size[] = {1, 16, 17, 100, 40000};
	static unsigned char *piece[PIECES], expected[40000];
	struct arena arena;
	size_t i, n;

	arena_init(&arena);
	for (i = 0; i < PIECES; i++) {
		n = size[i % 5];
		piece[i] = arena_alloc(&arena, n);
		ck_assert_uint_eq((uintptr_t)piece[i] % alignof(max_align_t), 0);
		(void)memset(piece[i], (int)(i % 251), n);
	}
	for (i = 0; i < PIECES; i++) {
		(void)memset(expected, (int)(i % 251), size[i % 5]);
		ck_assert_mem_eq(piece[i], expected, size[i % 5]);
	}
	ck_assert_uint_eq(arena.used, PIECES / 5 * (16 + 16 + 32 + 112 + 40000));
	arena_reset(&arena);
	ck_assert_uint_eq(arena.used, 0);
	/* The first block is used again. */
	ck_assert_ptr_eq(arena_alloc(&arena, 1), piece[0]);
	arena_free(&arena);
	ck_assert_ptr_null(arena.first);
}
END_TEST

START_TEST(arena_clears_and_copies)
{
	static const char zero[300];
	struct arena arena;
	struct str copy, text = str_of("domain");
	struct str part = {text.data, 3}, none = {NULL, 0}, empty = {"x", 0};

	arena_init(&arena);
	arena_reset(&arena);
	(void)memset(arena_alloc(&arena, 300), 0xff, 300);
	arena_reset(&arena);
	ck_assert_mem_eq(arena_zero(&arena, 300), zero, 300);
	copy = arena_str(&arena, part);
	ck_assert_ptr_ne(copy.data, part.data);
	ck_assert_uint_eq(copy.len, 3);
	ck_assert_str_eq(copy.data, "dom");
	ck_assert_ptr_null(arena_str(&arena, none).data);
	copy = arena_str(&arena, empty);
	ck_assert_uint_eq(copy.len, 0);
	ck_assert_str_eq(copy.data, "");
	/* A large first block is not kept. */
	arena_free(&arena);
	(void)arena_alloc(&arena, 1000000);
	arena_reset(&arena);
	ck_assert_ptr_null(arena.first);
	arena_free(&arena);
}
END_TEST

START_TEST(mem_copies)
{
	char *text = mem_copy("abc"), *part = mem_copy_n("a\0b", 3), *empty = mem_copy_n(NULL, 0);
	int *zeros = mem_zero(0, 0);

	ck_assert_str_eq(text, "abc");
	ck_assert_mem_eq(part, "a\0b", 4);
	ck_assert_str_eq(empty, "");
	ck_assert_ptr_nonnull(zeros);
	text = mem_grow(text, 100);
	ck_assert_str_eq(text, "abc");
	free(text);
	free(part);
	free(empty);
	free(zeros);
}
END_TEST

/* What can't be had ends the program with its own exit code. */
START_TEST(mem_room_grows)
{
	int *numbers = NULL, *before;
	size_t cap = 0, count, moved = 0;

	for (count = 0; count < 1000; count++) {
		before = numbers;
		numbers = mem_room(numbers, &cap, count, sizeof *numbers);
		ck_assert_uint_gt(cap, count);
		moved += numbers != before;
		numbers[count] = (int)count;
	}
	ck_assert_uint_lt(moved, 10);
	for (count = 0; count < 1000; count++)
		ck_assert_int_eq(numbers[count], (int)count);
	free(numbers);
}
END_TEST

START_TEST(mem_ends)
{
	volatile size_t much = SIZE_MAX / 2;

	free(mem_alloc(much));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("buf_arena");
	TCase *tests = tcase_create("buf_arena");

	tcase_add_test(tests, buf_grows_to_its_maximum);
	tcase_add_test(tests, buf_refuses_whole);
	tcase_add_test(tests, arena_keeps_pieces);
	tcase_add_test(tests, arena_clears_and_copies);
	tcase_add_test(tests, mem_copies);
	tcase_add_test(tests, mem_room_grows);
	/* A sanitizer would end the program itself. */
	if (getenv("DMARCQ_SANITIZED") == NULL)
		tcase_add_exit_test(tests, mem_ends, 71);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
