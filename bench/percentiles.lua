-- What bench/web reads of wrk: rate, median, 95th percentile, answers of 400 and above, pages.
local numbers = 0
local threads = 0

function setup(thread)
  thread:set("first", threads * 10000000)
  threads = threads + 1
end

-- With BENCH_ANY_WORD each request asks for another word, and for an answer that is made anew.
if os.getenv("BENCH_ANY_WORD") then
  local words = { "koditon", "mielenterveys", "vanhemmat", "luento", "porilainen", "uupumus", "koulutus" }
  request = function()
    numbers = numbers + 1
    local word = words[numbers % #words + 1]
    return wrk.format("GET", wrk.path .. "?q=" .. word .. "&anew=" .. (first + numbers))
  end
end

function done(summary, latency)
  print(string.format(
    "RESULT %.1f %.2f %.2f %d %d",
    summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000,
    latency:percentile(95) / 1000,
    summary.errors.status,
    summary.requests
  ))
end
