/* The floor for C: reads the bench devices with libmodbus and publishes every reading in the gateway's own formats over plain
 * sockets, one thread and one connection to the sink per device. No quality, no scaling, no retry.
 * yardstick PERIOD_MS mqtt0|mqtt1|http SINK_PORT DEVICE_PORT... */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <modbus.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <signal.h>

enum { TAGS = 500, REGISTERS = 2 * TAGS, REGISTERS_PER_READ = 124, FRAME_MAX = 160 };
enum { HTTP_HEAD_BYTES = 128 };

static long period_ms;
static int is_http, qos, sink_port, devices;
static int device_ports[100];

static void fail(const char *what) { perror(what); exit(1); }

static int connect_sink(void) {
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(sink_port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) fail("sink");
  return fd;
}

static void send_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t sent = write(fd, bytes, length);
    if (sent <= 0) fail("write to sink");
    bytes += sent;
    length -= sent;
  }
}

/* Throws away `length` bytes of answers. Wakes for 64 acknowledgements at a time, not for each: a broker sends every one in a packet of
 * its own, and the memory of the socket's queue is counted by packets, so that waiting for all of them would fill it. */
static void swallow(int fd, size_t length) {
  char bytes[256];
  struct pollfd readable = { .fd = fd, .events = POLLIN };
  for (size_t part; length > 0; length -= part) {
    part = length < sizeof bytes ? length : sizeof bytes;
    int low_water = (int)part;
    setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &low_water, sizeof low_water);
    poll(&readable, 1, -1);
    if (recv(fd, bytes, part, MSG_WAITALL) != (ssize_t)part) fail("read from sink");
  }
}

/* Reads one HTTP answer without a body. */
static void swallow_answer(int fd) {
  char bytes[4096];
  size_t length = 0;
  do {
    ssize_t got = read(fd, bytes + length, sizeof bytes - 1 - length);
    if (got <= 0) fail("answer of sink");
    length += got;
    bytes[length] = 0;
  } while (strstr(bytes, "\r\n\r\n") == NULL);
}

static void open_session(int fd, int device) {
  char id[16], frame[64];
  int id_length = snprintf(id, sizeof id, "bench-c-%d", device);
  int length = 0;
  frame[length++] = 0x10;
  frame[length++] = 12 + id_length;
  memcpy(frame + length, "\0\4MQTT\4\2\0\0\0", 11);
  length += 11;
  frame[length++] = id_length;
  memcpy(frame + length, id, id_length);
  send_all(fd, frame, length + id_length);
  swallow(fd, 4);
}

static char *put(char *to, const char *text) {
  size_t length = strlen(text);
  memcpy(to, text, length);
  return to + length;
}

/* Decimal digits of a whole number. */
static char *put_number(char *to, uint64_t number) {
  char digits[20];
  int count = 0;
  do digits[count++] = '0' + number % 10; while ((number /= 10) > 0);
  while (count > 0) *to++ = digits[--count];
  return to;
}

static char *put_message(char *to, int device, int tag, uint32_t value, uint64_t now_ms, int id) {
  char *start = to;
  *to++ = 0x31 | qos << 1;
  to++; /* the remaining length, below 128 */
  *to++ = 0;
  char *topic = ++to;
  to = put(to, "bench/bench/grinding/D");
  *to++ = '0' + device / 10; *to++ = '0' + device % 10;
  to = put(to, "-FT-");
  *to++ = '0' + tag / 100; *to++ = '0' + tag / 10 % 10; *to++ = '0' + tag % 10;
  topic[-1] = to - topic;
  if (qos) { *to++ = id >> 8; *to++ = id & 0xff; }
  to = put_number(put(to, "{\"t\":"), now_ms);
  to = put_number(put(to, ",\"v\":"), value);
  to = put(to, ",\"q\":\"good\",\"s\":0,\"u\":\"m3/h\"}");
  start[1] = to - start - 2;
  return to;
}

static char *put_line(char *to, int device, int tag, uint32_t value, uint64_t now_ms) {
  char d0 = '0' + device / 10, d1 = '0' + device % 10;
  to = put(to, "reading,plant=bench,area=grinding,device=D");
  *to++ = d0; *to++ = d1;
  to = put(to, ",tag=D");
  *to++ = d0; *to++ = d1;
  to = put(to, "-FT-");
  *to++ = '0' + tag / 100; *to++ = '0' + tag / 10 % 10; *to++ = '0' + tag % 10;
  to = put_number(put(to, " value="), value);
  to = put_number(put(to, ",quality=0i,status=0i "), now_ms);
  *to++ = '\n';
  return to;
}

static void publish(int fd, int device, const uint16_t *registers, char *buffer) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  uint64_t now_ms = now.tv_sec * 1000ull + now.tv_nsec / 1000000;
  char *body = buffer + HTTP_HEAD_BYTES, *end = body;
  for (int tag = 0; tag < TAGS; tag++) {
    uint32_t value = (uint32_t)modbus_get_float_abcd(registers + 2 * tag);
    end = is_http ? put_line(end, device, tag, value, now_ms) : put_message(end, device, tag, value, now_ms, tag + 1);
  }
  if (is_http) {
    char head[HTTP_HEAD_BYTES];
    int length = snprintf(head, sizeof head, "POST /write?db=bench&precision=ms HTTP/1.1\r\nHost: bench\r\nContent-Length: %ld\r\n\r\n", (long)(end - body));
    body -= length;
    memcpy(body, head, length);
  }
  send_all(fd, body, end - body);
  if (is_http) swallow_answer(fd);
  else if (qos) swallow(fd, 4 * TAGS);
}

static void *poll_device(void *argument) {
  int device = (int)(intptr_t)argument;
  uint16_t registers[REGISTERS];
  char *buffer = malloc(HTTP_HEAD_BYTES + TAGS * FRAME_MAX);
  int sink = connect_sink();
  if (!is_http) open_session(sink, device);
  modbus_t *link = modbus_new_tcp("127.0.0.1", device_ports[device]);
  modbus_set_slave(link, 1);
  modbus_set_response_timeout(link, 1, 0);
  if (modbus_connect(link) < 0) fail("device");
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  long wait_ns = period_ms * 1000000 / devices * device;
  for (;;) {
    next.tv_nsec += wait_ns % 1000000000;
    next.tv_sec += wait_ns / 1000000000 + next.tv_nsec / 1000000000;
    next.tv_nsec %= 1000000000;
    wait_ns = period_ms * 1000000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    int address = 0;
    while (address < REGISTERS) {
      int count = REGISTERS - address < REGISTERS_PER_READ ? REGISTERS - address : REGISTERS_PER_READ;
      if (modbus_read_registers(link, address, count, registers + address) != count) break;
      address += count;
    }
    if (address == REGISTERS) publish(sink, device, registers, buffer);
  }
  return NULL;
}

int main(int argc, char **argv) {
  if (argc < 5) return 64;
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* ends with the bench */
  period_ms = atol(argv[1]);
  is_http = strcmp(argv[2], "http") == 0;
  qos = strcmp(argv[2], "mqtt1") == 0;
  sink_port = atoi(argv[3]);
  devices = argc - 4;
  for (int device = 0; device < devices; device++) device_ports[device] = atoi(argv[4 + device]);
  for (int device = 0; device < devices; device++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, poll_device, (void *)(intptr_t)device)) fail("thread");
  }
  pause();
}
