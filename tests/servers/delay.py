"""A link between a client and a server on this machine that is long, or breaks.

    with delay.Link(server.ports['imaps'], round_trip=0.05) as link:
        run('import', '--db', db, server.url('imaps', port=link.port))
        print(link.received)

Each direction takes half of the round trip, however much is on its way: only time is lost, no throughput.
"""
import asyncio
import socket
import struct
import threading

PIECE = 262144
# Pieces on their way in one direction: more than any window needs.
PIECES = 4096


class Link:
    def __init__(self, port, round_trip=0.0, cut_after=None, reset_after=None, stall_after=None, times=1):
        """
        cut_after, reset_after, stall_after: after that many bytes from the server the connection is closed, reset, or
        kept open without another byte; the first so many (times) connections only.
        """
        self.to_port, self.delay = port, round_trip / 2
        self.fault = next(((name, limit) for name, limit in (
            ('cut', cut_after), ('reset', reset_after), ('stall', stall_after)) if limit is not None), None)
        self.times = times
        self.sent = self.received = self.connections = 0
        self.open = set()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        self.server = self.call(asyncio.start_server(self.connected, '127.0.0.1', 0, limit=PIECE))
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self.call(self.end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)

    async def end(self):
        self.server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def cut_all(self):
        for writer in list(self.open):
            writer.transport.abort()

    def cut(self):
        """Breaks all connections now."""
        self.call(self.cut_all())

    async def connected(self, reader, writer):
        self.connections += 1
        fault, limit = self.fault if self.fault and self.connections <= self.times else (None, None)
        try:
            to_reader, to_writer = await asyncio.open_connection('127.0.0.1', self.to_port, limit=PIECE)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, to_writer}
        self.open |= pair
        if fault:
            # What was let through shall have arrived before the connection breaks.
            writer.transport.set_write_buffer_limits(0)
        ways = [asyncio.create_task(self.pump(reader, to_writer, 'sent')),
                asyncio.create_task(self.pump(to_reader, writer, 'received', fault, limit))]
        try:
            await asyncio.gather(*ways)
        except (OSError, asyncio.CancelledError):
            # The latter at the end of the test.
            pass
        finally:
            for way in ways:
                way.cancel()
            self.open -= pair
            for one in pair:
                one.close()

    async def pump(self, reader, writer, counter, fault=None, limit=None):
        """One direction until its end or its fault."""
        queue = asyncio.Queue(PIECES)
        arrivals = asyncio.create_task(self.arrive(queue, writer))
        passed = 0
        try:
            while True:
                piece = await reader.read(PIECE)
                broken = fault is not None and passed + len(piece) >= limit
                if broken:
                    piece = piece[:limit - passed]
                passed += len(piece)
                setattr(self, counter, getattr(self, counter) + len(piece))
                await queue.put((self.loop.time() + self.delay, piece))
                if broken and fault == 'stall':
                    await asyncio.Event().wait()
                if broken:
                    await queue.put((self.loop.time() + self.delay, None))
                if broken or not piece:
                    await arrivals
                    break
        finally:
            arrivals.cancel()
        if fault == 'reset':
            linger = struct.pack('ii', 1, 0)
            writer.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        if broken:
            raise ConnectionAbortedError

    async def arrive(self, queue, writer):
        while True:
            due, piece = await queue.get()
            left = due - self.loop.time()
            if left > 0:
                await asyncio.sleep(left)
            if piece is None:
                return
            if not piece:
                writer.write_eof()
                return
            writer.write(piece)
            await writer.drain()
