local health = { status = "Progressing", message = "it has not been looked at" }
if obj.status == nil or obj.status.conditions == nil then
  return health
end
if obj.metadata.generation ~= nil and obj.status.observedGeneration ~= obj.metadata.generation and not (obj.spec ~= nil and obj.spec.suspend) then
  health.message = "the change has not been looked at"
  return health
end
local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end
local function holds(type)
  return conditions[type] ~= nil and conditions[type].status == "True"
end
if obj.spec ~= nil and obj.spec.suspend then
  return { status = "Suspended", message = "it is left alone" }
end
if holds("Stalled") then
  return { status = "Degraded", message = conditions["Stalled"].message }
end
if conditions["Healthy"] ~= nil and conditions["Healthy"].status == "False" then
  return { status = "Degraded", message = conditions["Healthy"].message }
end
if holds("AwaitingApproval") then
  return { status = "Suspended", message = conditions["AwaitingApproval"].message }
end
if holds("Ready") then
  return { status = "Healthy", message = conditions["Ready"].message }
end
if conditions["Ready"] ~= nil then
  health.message = conditions["Ready"].message
end
return health
