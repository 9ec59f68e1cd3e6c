-- Sends each line of the file named by BODIES once, as a form; counts the answers that name a reference.
local bodies, place = {}, 0
local confirmed, other = 0, 0

function init()
  for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
end

function request()
  place = place % #bodies + 1
  return wrk.format("POST", os.getenv("FORM_PATH"), {
    ["Content-Type"] = "application/x-www-form-urlencoded",
  }, bodies[place])
end

function response(status, headers, body)
  if status == 200 and body:find("We got your request", 1, true) then confirmed = confirmed + 1 else other = other + 1 end
  if (confirmed + other) % 10 == 0 then
    local file = io.open(os.getenv("COUNTS"), "w")
    file:write(confirmed, " ", other)
    file:close()
  end
end

function done(summary, latency)
  io.write(string.format(
    "RESULT %d %.1f %.1f %.1f\n", summary.requests, summary.duration / 1e6 * 1000,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
